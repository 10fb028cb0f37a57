import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { createHashGate, type HashLane } from './hash-gate.ts';

const { signal } = new AbortController();
const stranger: HashLane = { name: 'address 1', isTrusted: false };
const overloaded = { reason: ErrorReason.OVERLOADED, retryDelayMs: 1_000 };

/** Work that begins in an order that can be read, and ends when `finish` is called. */
function createWork(gate: ReturnType<typeof createHashGate>) {
  const begun: string[] = [];
  const { promise: held, resolve: finish } = Promise.withResolvers<void>();
  const run = (id: string, lane: HashLane, callSignal: AbortSignal = signal) =>
    gate.run({ lane, signal: callSignal }, async () => {
      begun.push(id);
      await held;
    });
  return { begun, finish, run };
}

describe('createHashGate', () => {
  it('runs no more at once than it has places, in the order of arrival within a lane', async () => {
    const gate = createHashGate({ concurrency: 2, queueLengthMax: 10 });
    const { begun, finish, run } = createWork(gate);
    const all = ['0', '1', '2', '3', '4'].map((id) => run(id, stranger));
    await Promise.resolve();
    expect(begun).toEqual(['0', '1']);
    finish();
    await Promise.all(all);
    expect(begun).toEqual(['0', '1', '2', '3', '4']);
  });

  it('lets addresses take turns, so that a flood from one does not hold up another', async () => {
    const gate = createHashGate({ concurrency: 1, queueLengthMax: 100 });
    const { begun, finish, run } = createWork(gate);
    const flood = Array.from({ length: 50 }, (_, index) => run(`flood ${index}`, stranger));
    const right = run('right', { name: 'address 2', isTrusted: false });
    finish();
    await Promise.all([...flood, right]);
    // One runs already, one is in front of the lane of the newcomer.
    expect(begun.indexOf('right')).toBeLessThanOrEqual(2);
  });

  it('takes a newcomer from another address also when one address has filled it', async () => {
    const gate = createHashGate({ concurrency: 1, queueLengthMax: 10 });
    const { begun, finish, run } = createWork(gate);
    const flood = Promise.allSettled(Array.from({ length: 20 }, (_, index) => run(`flood ${index}`, stranger)));
    const right = run('right', { name: 'address 2', isTrusted: false });
    await expect(run('more', stranger)).rejects.toMatchObject(overloaded);
    finish();
    await expect(right).resolves.toBeUndefined();
    expect((await flood).filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(begun).toHaveLength(11);
  });

  it('lets trusted and other work take turns, whatever waits on either side', async () => {
    const gate = createHashGate({ concurrency: 1, queueLengthMax: 3 });
    const { begun, finish, run } = createWork(gate);
    const all = [
      run('first', stranger),
      ...['o1', 'o2', 'o3'].map((id) => run(id, { name: id, isTrusted: false })),
      ...['t1', 't2', 't3'].map((id) => run(id, { name: id, isTrusted: true })),
    ];
    finish();
    await Promise.all(all);
    expect(begun).toEqual(['first', 't1', 'o1', 't2', 'o2', 't3', 'o3']);
  });

  it('refuses with RetryInfo when nothing may wait, and works on after that', async () => {
    const gate = createHashGate({ concurrency: 1, queueLengthMax: 0 });
    const { finish, run } = createWork(gate);
    const first = run('first', stranger);
    await expect(run('second', stranger)).rejects.toMatchObject(overloaded);
    finish();
    await first;
    await expect(gate.run({ lane: stranger, signal }, async () => 'again')).resolves.toBe('again');
  });

  it('takes what its caller has given up out of the queue at once', async () => {
    const gate = createHashGate({ concurrency: 1, queueLengthMax: 1 });
    const { begun, finish, run } = createWork(gate);
    const first = run('first', stranger);
    const caller = new AbortController();
    const givenUp = run('given up', stranger, caller.signal);
    caller.abort();
    await expect(givenUp).rejects.toThrow('cancelled');
    const next = run('next', stranger);
    finish();
    await Promise.all([first, next]);
    expect(begun).toEqual(['first', 'next']);
    await expect(run('late', stranger, AbortSignal.abort())).rejects.toThrow('cancelled');
  });
});
