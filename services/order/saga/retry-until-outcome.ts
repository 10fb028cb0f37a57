import { setTimeout as sleep } from 'node:timers/promises';
import { Code } from '#platform/errors/code.ts';
import { deadlineExceeded, OutcryError } from '#platform/errors/outcry-error.ts';
import { backoffMs } from '#platform/time/pause.ts';

// The caller's own clock has started earlier; answering a little before its deadline lets it read why.
const answerMarginMs = 100;

/**
 * Sends a keyed call again until its outcome is known or the deadline is near: during a takeover of the exchange or a restart
 * of the ledger "unavailable" means "ask again". Rejects with the last error, or at once for an error that asking cannot mend.
 */
export async function untilKnown<T>(deadlineTimeMs: number, send: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    const leftMs = deadlineTimeMs - answerMarginMs - Date.now();
    if (leftMs <= 0 && attempt === 0) throw deadlineExceeded();
    try {
      return await withinMs(send(), leftMs);
    } catch (error) {
      const delayMs = backoffMs(attempt, 50, 500);
      if (!isTransient(error) || Date.now() + delayMs >= deadlineTimeMs - answerMarginMs) throw error;
      await sleep(delayMs);
    }
  }
}

/** Whether the outcome of a keyed call is unknown and can be asked again. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof OutcryError)) return false;
  const { UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, CANCELLED } = Code;
  const transient: Code[] = [UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, CANCELLED];
  return transient.includes(error.code);
}

async function withinMs<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(deadlineExceeded()), timeoutMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
