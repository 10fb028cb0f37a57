import { Code } from '#platform/errors/code.ts';
import { deadlineExceeded, OutcryError } from '#platform/errors/outcry-error.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { within } from '#platform/time/within.ts';
import type { CallTime } from './call-time.ts';

const backoffMinMs = 50;
const backoffMaxMs = 500;

/**
 * Sends a keyed call again until its outcome is known or the caller's time is over: during a takeover of the exchange or a restart of the ledger
 * UNAVAILABLE means that the same call will be answered soon. `send` must not leave anything to be sent after that time. Rejects with the
 * last error, or at once for an error that is not transient.
 */
export async function retryUntilOutcome<T>(time: CallTime, send: () => Promise<T>): Promise<T> {
  if (time.aborted) throw deadlineExceeded();
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await within(time.leftMs, send(), () => deadlineExceeded());
    } catch (error) {
      const delayMs = backoffMs(attempt, backoffMinMs, backoffMaxMs);
      if (!isTransient(error) || delayMs >= time.leftMs) throw error;
      await pause(delayMs);
    }
  }
}

/** Whether the outcome of a keyed call is unknown, so that it can be sent again. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof OutcryError)) return false;
  const { UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, CANCELLED } = Code;
  const transient: Code[] = [UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, CANCELLED];
  return transient.includes(error.code);
}
