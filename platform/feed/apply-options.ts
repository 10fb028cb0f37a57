import type { Database, Sql } from '#platform/postgres/sql.ts';

/**
 * Consecutive entries of a feed, and the fingerprint of its history up to the last of them. A heartbeat has neither. An empty epoch or
 * fingerprint is that of an older release.
 */
export type FeedPage<E> = {
  entries: readonly E[];
  epoch: string;
  headSequence: bigint;
  fingerprint: string;
  /** The traces of what led to some of the entries, of those that are recorded. */
  traces?: readonly EntryTrace[];
};

/** The W3C trace context of what led to some entries, from the first to the last one. */
export type EntryTrace = { firstSequence: bigint; lastSequence: bigint; traceparent: string };

/** How entries are gathered into larger transactions. */
export type GroupOptions<E> = {
  /** How long effective entries may wait for others, in ms. */
  delayMs: number;
  /** Effective entries that fill a group. */
  entriesMax: number;
  /** Whether applying the entry writes anything beside the position. */
  isEffective: (entry: E) => boolean;
  /** How long the position may wait when no entry is effective, in ms. */
  idleDelayMs: number;
};

/** How the entries of a feed are applied. */
export type ApplyOptions<E extends { sequence: bigint }, R> = {
  db: Database;
  /** Names the feed in the consumer's database, `exchange.0` or `ledger`. */
  feed: string;
  /**
   * Applies entries in the transaction that moves the position to `position`; it may run again after a rollback. What it returns is
   * given to `onCommitted`.
   */
  apply: (tx: Sql, entries: readonly E[], position: bigint) => Promise<R>;
  onCommitted?: (result: R, entries: readonly E[]) => void;
  /** Most entries of a transaction, default 500. */
  entriesMax?: number;
  /** Default: a page is applied at once, together with the pages that came while the one before was applied. */
  group?: GroupOptions<E>;
  /** What to do when the epoch is not the stored one, as the feed has lost its history. Default `halt`. */
  onNewEpoch?: 'halt' | 'restart';
  /** What to do when entries are missing between two. Default `halt`. */
  onGap?: 'halt' | 'skip';
};
