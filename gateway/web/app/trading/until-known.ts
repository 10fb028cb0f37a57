/** Calls whose outcome is not known are repeated, which their keys make safe. */
import { Code } from '@connectrpc/connect';
import { showNow } from '../frame/notices.ts';
import { type Failure, failureOf, failureText, isOutcomeUnknown } from '../rpc/failure.ts';
import { rest } from '../rpc/rest.ts';
import { personSignal } from '../rpc/session.ts';

/** Attempts of a call. */
export const attemptsMax = 6;
/** Pause between two attempts. */
export const attemptEveryMs = 2_000;

// What stops a repeat before it comes to the service says nothing of the attempt before.
const repeatStops: readonly Code[] = [Code.Unauthenticated, Code.ResourceExhausted];

/** Whether the outcome is still not known after a failure of this attempt, counted from 1. */
export function isStillUnknown(failure: Pick<Failure, 'code'>, attempt: number): boolean {
  return isOutcomeUnknown(failure) || (attempt > 1 && repeatStops.includes(failure.code));
}

/**
 * Makes a call that may be repeated until its outcome is known: at most six times, 2 s apart, and for as long as the same person is logged in.
 * Shows after the first attempt that there is no answer, under `key` as further news of this act is. Rejects where it was refused, or with an error whose outcome is unknown.
 */
export async function untilKnown<T>(act: string, call: () => Promise<T>, key: string): Promise<T> {
  const until = personSignal();
  let unknown: unknown;
  for (let attempt = 1; attempt <= attemptsMax && !until.aborted; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!isStillUnknown(failureOf(error), attempt)) throw error;
      // A later failure may be of the repeat alone.
      unknown ??= error;
      if (attempt === 1) showNow(`No answer yet: ${act}. It is asked again.`, key);
    }
    await rest(attemptEveryMs, until);
  }
  throw unknown;
}

/** What is shown of an act that failed: that it was not done, or that this is not known. */
export function notDoneText(act: string, error: unknown): string {
  const failure = failureOf(error);
  const text = failureText(failure);
  return isOutcomeUnknown(failure)
    ? `It is not known what became of this: ${act}. ${text}`
    : `Not done: ${act}. ${text}`;
}
