import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { standardRestartLimits } from './restart-policy.ts';
import { createRestarts, type FailingProcess } from './restarts.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function watch() {
  const lines: string[] = [];
  const changes: (FailingProcess | undefined)[] = [];
  const restarts = createRestarts({
    name: 'order-1',
    logPath: 'logs/order-1.log',
    limits: standardRestartLimits,
    output: { line: (text) => void lines.push(text), progress: () => {}, error: () => {} },
    onFailing: (_, failing) => void changes.push(failing),
  });
  // The delays are those of node:timers/promises, which fake timers leave alone: an aborted signal ends them at once.
  const end = () => restarts.ended('exit code 1', AbortSignal.abort());
  return { lines, changes, restarts, end };
}

describe('createRestarts', () => {
  it('shows each of the first ends and that it is ready again', async () => {
    const { lines, changes, restarts, end } = watch();
    await end();
    restarts.ready();
    expect(lines).toEqual([
      '  order-1 ended (exit code 1); starting it again',
      expect.stringMatching(/^ {2}order-1 is ready again after \d\.\d s$/),
    ]);
    expect(restarts.isFailing()).toBe(false);
    expect(changes).toEqual([]);
  });

  it('shows once that it fails, counts on in the record, and shows when it is well again', async () => {
    const { lines, changes, restarts, end } = watch();
    for (let count = 0; count < 10; count++) {
      await end();
      restarts.ready();
    }
    expect(lines.filter((line) => line.includes('is failing'))).toHaveLength(1);
    expect(lines.at(-1)).toContain('order-1 is failing: it ended 3 times in a row (last: exit code 1)');
    expect(changes.map((failing) => failing?.endCount)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(new Set(changes.map((failing) => failing?.sinceTime)).size).toBe(1);

    await vi.advanceTimersByTimeAsync(59_999);
    expect(restarts.isFailing()).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(restarts.isFailing()).toBe(false);
    expect(changes.at(-1)).toBeUndefined();
    expect(lines.at(-1)).toBe('  order-1 is well again: ready for 60 s');
    await end();
    expect(lines.at(-1)).toBe('  order-1 ended (exit code 1); starting it again');
  });

  it('is not well again when it ends before the minute is over', async () => {
    const { restarts, end } = watch();
    for (let count = 0; count < 3; count++) await end();
    restarts.ready();
    await vi.advanceTimersByTimeAsync(59_000);
    await end();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(restarts.isFailing()).toBe(true);
  });
});
