/** Waiting, and how long to wait between attempts. */
import { startTimer } from './timer.ts';

/** Resolves after `durationMs` (any duration, see startTimer), or as soon as the signal aborts. Never rejects. */
export function pause(durationMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      timer[Symbol.dispose]();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = startTimer(durationMs, end);
    signal?.addEventListener('abort', end, { once: true });
  });
}

/**
 * Delay before the next attempt in ms: doubles from `baseMs` with each attempt (the first is 0) up to `maxMs`, less a random part of
 * up to a half, so that callers that failed together do not return together.
 */
export function backoffMs(attempt: number, baseMs: number, maxMs: number): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return full - Math.random() * (full / 2);
}
