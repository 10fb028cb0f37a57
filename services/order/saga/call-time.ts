import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';

/** The call of a person or a service, as far as its end is concerned. */
export type CallEnd = Pick<CallContext, 'deadlineTimeMs' | 'ended'>;

// An answer a little before the caller's deadline still reaches the caller, with its reason. Little time is not all spent on that.
const answerMarginMsMax = 100;
const answerMarginShare = 4;

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

  /** The same, but until `untilMaxMs` at most, Unix milliseconds. */
  atMost(untilMaxMs: number): CallTime {
    if (untilMaxMs >= this.untilMs) return this;
    return new CallTime({ nowMs: this.#nowMs }, this.#call, untilMaxMs);
  }

  /** 0 when it is over. */
  get leftMs(): number {
    return this.#call.ended ? 0 : Math.max(0, this.untilMs - this.#nowMs());
  }

  /** Whether it is over. */
  get aborted(): boolean {
    return this.leftMs === 0;
  }
}
