/** What a handler knows about the call it answers. */
import type { DescMethod } from '@bufbuild/protobuf';
import type { Caller } from '#platform/auth/claims.ts';
import type { OutcryError } from '#platform/errors/outcry-error.ts';
import type { Logger } from '#platform/telemetry/logger.ts';

export type { Caller } from '#platform/auth/claims.ts';

/** One call, as its handler sees it. */
export type CallContext = {
  readonly caller: Caller;
  /**
   * Aborts when the caller gives up, the deadline passes, the stream has reached its greatest age, or the server drains. In the
   * last two cases (`reason` is a StreamEnd) the handler may still send what lets the caller resume, and return.
   */
  readonly signal: AbortSignal;
  /** Whether the call has ended, for whatever cause. Costs less than `signal`, which is made when it is first asked for. */
  readonly ended?: boolean;
  /** Unix milliseconds; Infinity for a stream whose caller gave none. */
  readonly deadlineTimeMs: number;
  readonly requestId: string;
  readonly logger: Logger;
  readonly method: DescMethod;
  /**
   * The IP address from which a person's call reached the gateway; undefined for calls that did not come through the gateway, and
   * for those whose address the gateway does not know.
   */
  readonly clientAddress?: string | undefined;
  /**
   * The user of one item of a call that carries items of several users: the token is verified, and the access rule of `method`, which the
   * item stands for, checked. Throws or rejects with UNAUTHENTICATED or PERMISSION_DENIED. Absent from calls that no server received.
   */
  admitItem?(method: DescMethod, userToken: string): Caller | Promise<Caller>;
  /** Counts an item as a call of `method`; both are there or neither. `startTimeMs` is of `performance.now()`. */
  countItem?(method: DescMethod, startTimeMs: number, error: OutcryError | undefined): void;
};

/** Why a server ends a stream that could go on: the abort reason of its signal. */
export class StreamEnd extends Error {
  override readonly name = 'StreamEnd';
  /** `age`: the stream is as old as streams get. `drain`: the server stops. */
  override readonly cause: 'age' | 'drain';

  constructor(cause: 'age' | 'drain') {
    super(`stream ended by ${cause}`);
    this.cause = cause;
  }
}
