import { cancelled, deadlineExceeded, type OutcryError } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';

/** The call of a person or a service, as far as its end is concerned. */
export type CallEnd = Pick<CallContext, 'deadlineTimeMs' | 'ended'>;

// An answer a little before the caller's deadline still reaches the caller, with its reason. Little time is not all spent on that.
const answerMarginMsMax = 100;
const answerMarginShare = 4;

/**
 * Until when an order for the moment may be sent, Unix milliseconds of the machine's clock: its age is counted in real time, whatever the market's
 * clock, by which it has its time, shows.
 */
export function sendUntilMs(
  { nowMs, clock, limits }: Pick<OrderDeps, 'nowMs' | 'clock' | 'limits'>,
  { createTimeMs }: { createTimeMs: number },
): number {
  return nowMs() - clock.ageMs(createTimeMs) + limits.immediateAgeMaxMs;
}

/**
 * How long something is done for a caller: until a little before its deadline, and not after it has left. Queues take out what is `aborted`
 * when its turn comes.
 */
export class CallTime {
  /** Unix milliseconds, a whole number. */
  readonly untilMs: number;
  readonly #nowMs: () => number;
  readonly #call: CallEnd;

  constructor({ nowMs }: Pick<OrderDeps, 'nowMs'>, call: CallEnd, untilMaxMs: number = Number.POSITIVE_INFINITY) {
    const leftMs = Math.max(0, call.deadlineTimeMs - nowMs());
    const marginMs = Math.min(answerMarginMsMax, leftMs / answerMarginShare);
    this.untilMs = Math.floor(Math.min(call.deadlineTimeMs - marginMs, untilMaxMs));
    this.#nowMs = nowMs;
    this.#call = call;
  }

  /**
   * The time in which an order for the moment may enter the book: until 100 ms before the deadline, and until `untilMaxMs` at most, Unix
   * milliseconds. A caller counts from when it began to send; what its request and its answer were under way is within these 100 ms.
   */
  forTheMoment(untilMaxMs: number = Number.POSITIVE_INFINITY): CallTime {
    const untilMs = Math.min(this.#call.deadlineTimeMs - answerMarginMsMax, untilMaxMs);
    return new CallTime({ nowMs: this.#nowMs }, this.#call, untilMs);
  }

  /** 0 when it is over. */
  get leftMs(): number {
    return this.#call.ended ? 0 : Math.max(0, this.untilMs - this.#nowMs());
  }

  /** Whether it is over. */
  get aborted(): boolean {
    return this.leftMs === 0;
  }

  /** Why it is over: the caller has left, or its deadline has passed. */
  get reason(): OutcryError {
    return this.#call.ended ? cancelled() : deadlineExceeded();
  }
}
