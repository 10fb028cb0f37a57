/** When transfers are taken to their provider again. */
import { backoffMs } from '#platform/time/pause.ts';
import { attemptsMax } from '../store/payments/attempts.ts';

/** The longest that one call to a provider may take, in ms. */
export const callTimeoutMs = 5_000;

/** From the begin of an attempt to the next, unless its end says otherwise: longer than its two calls, in ms. */
export const attemptMs = 15_000;

/** From the end of a transfer until it is looked for at the provider, if its list has not shown it by then, in ms. */
export const reconcileAfterMs = 10 * 60_000;

const failedBaseMs = 1_000;
const pauseMaxMs = 10 * 60_000;
const acceptedMinMs = 2_000;
const acceptedMaxMs = 7 * 24 * 3_600_000;

/** When to ask again after `attempts` in a row without an answer: 1 s, doubled up to ten minutes, less a random part of up to a half. */
export function afterFailure(attempts: number, nowMs: number): Date {
  return new Date(nowMs + backoffMs(attempts - 1, failedBaseMs, pauseMaxMs));
}

/**
 * When to ask for a payment that the provider has: after a quarter of its age, from 2 s to ten minutes. After seven days without an
 * outcome it counts as stuck.
 */
export function acceptedUntilStuck(createTimeMs: number, nowMs: number): { next: Date; attempts: number } {
  const ageMs = Math.max(0, nowMs - createTimeMs);
  const pauseMs = Math.min(pauseMaxMs, Math.max(acceptedMinMs, ageMs / 4));
  return {
    next: new Date(nowMs + backoffMs(0, pauseMs, pauseMs)),
    attempts: ageMs > acceptedMaxMs ? attemptsMax : 0,
  };
}
