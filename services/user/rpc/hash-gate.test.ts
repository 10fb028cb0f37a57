import { describe, expect, it } from 'vitest';
import { createHashGate } from './hash-gate.ts';

const { signal } = new AbortController();

describe('createHashGate', () => {
  it('runs no more at once than it has places, in the order of arrival', async () => {
    const gate = createHashGate({ concurrency: 2, queueLengthMax: 10 });
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const work = (id: number) => async () => {
      running += 1;
      most = Math.max(most, running);
      order.push(id);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
    };
    await Promise.all([0, 1, 2, 3, 4].map((id) => gate.run(signal, work(id))));
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('refuses with RetryInfo when the line is full', async () => {
    const gate = createHashGate({ concurrency: 1, queueLengthMax: 0 });
    const first = gate.run(signal, () => new Promise((resolve) => setTimeout(resolve, 20)));
    await expect(gate.run(signal, async () => {})).rejects.toMatchObject({ retryDelayMs: 1_000 });
    await first;
    await expect(gate.run(signal, async () => 'again')).resolves.toBe('again');
  });

  it('does not begin what its caller has given up', async () => {
    const gate = createHashGate({ concurrency: 1, queueLengthMax: 5 });
    let begun = false;
    await expect(
      gate.run(AbortSignal.abort(), async () => {
        begun = true;
      }),
    ).rejects.toThrow('cancelled');
    expect(begun).toBe(false);
  });
});
