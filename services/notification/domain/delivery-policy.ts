/** When a mail that could not be sent is tried again, and when it is given up. */

/** How sending failed. */
export type Failure =
  /** Nobody took the mail: connection, TLS or log-in failed. */
  | { type: 'unreachable' }
  /** The time of one try was over. */
  | { type: 'timeout' }
  /** The mail server answered with an error, `code` 400 to 599. `isFinal`: it said so of this mail or its receiver for good. */
  | { type: 'refused'; code: number; isFinal: boolean }
  /** No address is known for the person. */
  | { type: 'no-address'; isFinal: boolean };

/** What follows from a failure. `text` may be shown to staff: it has nothing internal in it. */
export type NextStep = { type: 'again'; delayMs: number; text: string } | { type: 'give-up'; text: string };

const delayMinMs = 5_000;
const delayMaxMs = 15 * 60_000;

/**
 * What to do after the try number `attempts` (from 1) failed: again after 5 s, 10 s, 20 s and so on up to 15 min, or give up
 * when the mail server refused this mail for good or `attemptsMax` tries are over.
 */
export function nextStep(failure: Failure, attempts: number, attemptsMax: number): NextStep {
  const text = describe(failure);
  const isFinal = 'isFinal' in failure && failure.isFinal;
  if (isFinal || attempts >= attemptsMax) return { type: 'give-up', text };
  return { type: 'again', delayMs: Math.min(delayMaxMs, delayMinMs * 2 ** (attempts - 1)), text };
}

function describe(failure: Failure): string {
  switch (failure.type) {
    case 'unreachable':
      return 'the mail server could not be reached';
    case 'timeout':
      return 'the mail server took too long';
    case 'refused':
      return `the mail server refused the mail (${failure.code})`;
    case 'no-address':
      return failure.isFinal ? 'no such person is known' : 'the address could not be looked up';
    default:
      return failure satisfies never;
  }
}
