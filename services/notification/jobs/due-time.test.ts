import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDueTime } from './due-time.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('createDueTime', () => {
  const never = new AbortController().signal;
  const ended = (waiting: Promise<void>) => {
    const state = { ended: false };
    void waiting.then(() => {
      state.ended = true;
    });
    return state;
  };

  it('has come at first, and then when the earliest time does that was expected', async () => {
    const due = createDueTime(Date.now);
    expect(due.take()).toBe(true);
    expect(due.take()).toBe(false);
    due.expect(Date.now() + 15_000);
    due.expect(Date.now() + 5_000);
    due.expect(Date.now() + 20_000);
    const waiting = ended(due.wait(60_000, never));
    await vi.advanceTimersByTimeAsync(4_999);
    expect([waiting.ended, due.take()]).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(1);
    expect([waiting.ended, due.take(), due.take()]).toEqual([true, true, false]);
  });

  it('ends a wait for what comes earlier than was expected', async () => {
    const due = createDueTime(Date.now);
    due.take();
    due.expect(Date.now() + 50_000);
    const waiting = ended(due.wait(60_000, never));
    await vi.advanceTimersByTimeAsync(1_000);
    due.expect(Date.now());
    await vi.advanceTimersByTimeAsync(0);
    expect([waiting.ended, due.take()]).toEqual([true, true]);
  });

  it('has come, too, when nothing was expected for the longest wait', async () => {
    const due = createDueTime(Date.now);
    due.take();
    const waiting = ended(due.wait(10_000, never));
    await vi.advanceTimersByTimeAsync(9_999);
    expect(waiting.ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect([waiting.ended, due.take()]).toEqual([true, true]);
  });
});
