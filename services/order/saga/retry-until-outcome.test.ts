import { describe, expect, it } from 'vitest';
import { Code } from '#platform/errors/code.ts';
import { deadlineExceeded, unavailable } from '#platform/errors/outcry-error.ts';
import { CallTime } from './call-time.ts';
import { isTransient, retryUntilOutcome } from './retry-until-outcome.ts';

/** A clock that each call moves on by `callMs`, and a call that fails the first times. */
function createCall(options: { failures: number; callMs?: number; error?: Error }) {
  const { failures, callMs = 0, error = unavailable() } = options;
  let timeMs = 0;
  let calls = 0;
  return {
    clock: { nowMs: () => timeMs },
    calls: () => calls,
    async send() {
      calls += 1;
      timeMs += callMs;
      if (calls <= failures) throw error;
      return 'outcome';
    },
  };
}

describe('retryUntilOutcome', () => {
  it('sends again while the outcome is unknown', async () => {
    const { clock, send, calls } = createCall({ failures: 2 });
    expect(await retryUntilOutcome(new CallTime(clock, { deadlineTimeMs: 1_000 }), send)).toBe('outcome');
    expect(calls()).toBe(3);
  });

  it('rejects with the last error before the deadline', async () => {
    const { clock, send, calls } = createCall({ failures: 100, callMs: 300 });
    await expect(retryUntilOutcome(new CallTime(clock, { deadlineTimeMs: 1_000 }), send)).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
    });
    expect(calls()).toBe(3);
  });

  it('sends nothing once the time is over, or the caller has left', async () => {
    const { clock, send, calls } = createCall({ failures: 0 });
    for (const call of [{ deadlineTimeMs: 0 }, { deadlineTimeMs: 1_000, ended: true }]) {
      const late = { code: Code.DEADLINE_EXCEEDED };
      await expect(retryUntilOutcome(new CallTime(clock, call), send)).rejects.toMatchObject(late);
    }
    expect(calls()).toBe(0);
  });

  it('ends the wait for an answer that does not come', async () => {
    const never = () => new Promise<never>(() => {});
    const call = retryUntilOutcome(new CallTime({ nowMs: () => 0 }, { deadlineTimeMs: 120 }), never);
    await expect(call).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
  });

  it('rejects at once for an error that is not transient', async () => {
    const { clock, send, calls } = createCall({ failures: 100, error: new TypeError('a fault') });
    await expect(retryUntilOutcome(new CallTime(clock, { deadlineTimeMs: 1_000 }), send)).rejects.toThrow(TypeError);
    expect(calls()).toBe(1);
  });
});

describe('isTransient', () => {
  it('is true for calls whose outcome is unknown', () => {
    expect([unavailable(), deadlineExceeded(), new Error('any')].map(isTransient)).toEqual([true, true, false]);
  });
});
