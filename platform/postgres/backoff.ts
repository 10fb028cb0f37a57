import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long to wait before the next attempt: doubles from `baseMs` with each attempt (the first is 0) up to `maxMs`, then a
 * random part of up to a half is taken off, so that many callers do not come back together.
 */
export function backoffMs(attempt: number, baseMs: number, maxMs: number): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return full - Math.random() * (full / 2);
}

/** Waits; returns early, without throwing, when the signal aborts. */
export async function pause(durationMs: number, signal?: AbortSignal): Promise<void> {
  await sleep(durationMs, undefined, { signal }).catch(() => {});
}
