import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pause } from './pause.ts';
import { startInterval, startTimer } from './timer.ts';
import { timeoutSignal, within } from './within.ts';

const dayMs = 86_400_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('startTimer', () => {
  it('waits for durations beyond the limit of Node timers', () => {
    for (const durationMs of [0, 1, 2 ** 31 - 1, 2 ** 31, 30 * dayMs, 9_999_999_999]) {
      let calls = 0;
      startTimer(durationMs, () => {
        calls += 1;
      });
      if (durationMs > 0) {
        vi.advanceTimersByTime(durationMs - 1);
        expect(calls, `${durationMs} ms`).toBe(0);
      }
      vi.advanceTimersByTime(1);
      vi.advanceTimersByTime(dayMs);
      expect(calls, `${durationMs} ms`).toBe(1);
    }
  });

  it('never elapses at Infinity, and counts a negative duration as 0', () => {
    let calls = 0;
    using _never = startTimer(Number.POSITIVE_INFINITY, () => {
      calls += 1;
    });
    vi.advanceTimersByTime(100 * dayMs);
    expect(calls).toBe(0);
    startTimer(-5, () => {
      calls += 1;
    });
    vi.advanceTimersByTime(1);
    expect(calls).toBe(1);
  });

  it('is cancelled by disposing it, also in a later part', () => {
    const onElapsed = vi.fn();
    const timer = startTimer(30 * dayMs, onElapsed);
    vi.advanceTimersByTime(29 * dayMs);
    timer[Symbol.dispose]();
    timer[Symbol.dispose]();
    vi.advanceTimersByTime(10 * dayMs);
    expect(onElapsed).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for the whole duration again when it is restarted, also in a later part', () => {
    for (const durationMs of [1_000, 30 * dayMs]) {
      const onElapsed = vi.fn();
      const timer = startTimer(durationMs, onElapsed);
      for (let restarts = 0; restarts < 3; restarts += 1) {
        vi.advanceTimersByTime(durationMs - 1);
        timer.restart();
      }
      vi.advanceTimersByTime(durationMs - 1);
      expect(onElapsed).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(onElapsed).toHaveBeenCalledTimes(1);
      timer.restart();
      vi.advanceTimersByTime(durationMs);
      expect(onElapsed).toHaveBeenCalledTimes(2);
      timer[Symbol.dispose]();
      timer.restart();
      vi.advanceTimersByTime(durationMs);
      expect(onElapsed).toHaveBeenCalledTimes(2);
    }
  });

  it('refuses what is not a number', () => {
    expect(() => startTimer(Number.NaN, () => {})).toThrow(RangeError);
    expect(() => startInterval(0, () => {})).toThrow(RangeError);
  });
});

describe('pause', () => {
  it('ends at its time or at the abort, and leaves no timer', async () => {
    const stop = new AbortController();
    const waits = [pause(30 * dayMs), pause(40 * dayMs, stop.signal)];
    vi.advanceTimersByTime(30 * dayMs);
    await waits[0];
    stop.abort();
    await waits[1];
    await pause(dayMs, stop.signal);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('within', () => {
  it('gives the result in time and the error of the timeout otherwise', async () => {
    expect(await within(1_000, Promise.resolve('done'))).toBe('done');
    const late = within(40 * dayMs, new Promise(() => {}), () => new RangeError('late'));
    const outcome = expect(late).rejects.toThrow(RangeError);
    await vi.advanceTimersByTimeAsync(40 * dayMs);
    await outcome;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('timeoutSignal', () => {
  it('aborts after any duration', () => {
    const signal = timeoutSignal(30 * dayMs);
    vi.advanceTimersByTime(30 * dayMs - 1);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
  });
});
