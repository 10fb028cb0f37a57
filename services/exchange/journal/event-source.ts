import type { Listing } from '../engine/model/commands.ts';

/** The part of an engine that the encoder reads: the running group's events, and what their words refer to. */
export type EventSource = {
  /** Entries of `engine/model/event-buffer.ts`. */
  readonly events: { readonly words: Int32Array; readonly count: number };
  readonly books: readonly { readonly listing: Listing }[];
  /** Accounts by handle. */
  readonly names: { readonly names: readonly string[] };
  /** Orders by key; ids have four words each. */
  readonly records: {
    readonly uuids: Uint32Array;
    readonly account: ArrayLike<number>;
    readonly side: ArrayLike<number>;
  };
  readonly nowMs: number;
  readonly sequenceBefore: number;
  /** Trades of all groups, the running one included. */
  readonly tradeCount: number;
  readonly ruleVersion: number;
};
