/** When sending a mail is tried again, and when it is given up. */

/** How sending failed. */
export type Failure =
  /** Connection, TLS or log-in failed. */
  | { type: 'unreachable' }
  /** The time of one attempt is over. */
  | { type: 'timeout' }
  /** The mail server answered with an error, `code` 400 to 599. `isFinal`: it refused this mail or its receiver permanently. */
  | { type: 'refused'; code: number; isFinal: boolean }
  /** The person's address is unknown. */
  | { type: 'no-address'; isFinal: boolean };

/** What follows from a failure. `text` may be shown to staff: it contains nothing internal. */
export type NextStep = { type: 'again'; delayMs: number; text: string } | { type: 'give-up'; text: string };

const delayMinMs = 5_000;
const delayMaxMs = 15 * 60_000;

/**
 * What to do after the attempt number `attempts` (from 1) failed: again after 5 s, 10 s, 20 s and so on up to 15 min, or give up when the
 * mail server refused this mail permanently or there were `attemptsMax` attempts.
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
