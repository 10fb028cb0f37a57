/** What a consumer stores of a feed beside its position: the feed's epoch, and where and why the consumer has halted. */
import { fenceLease } from '#platform/postgres/lease.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { SeenHistory } from './history.ts';
import type { Fence } from './position.ts';

const nothingSeen: SeenHistory = { seenSequence: 0n, fingerprint: '' };

/** The entry at which a consumer has halted, and the cause. Only an operator lifts a halt. */
export type Halt = { sequence: bigint; cause: string };

/** How far a feed was applied. */
export type FeedState = {
  /** The last sequence that was applied; 0 when none was. */
  sequence: bigint;
  /** The epoch of the feed that the sequence belongs to; empty when none was seen. */
  epoch: string;
  /** The end of what was received of the feed; it may lie behind `sequence`. */
  seen: SeenHistory;
  halt: Halt | undefined;
};

/** The state of a feed's consumer; zero and empty for a feed of which nothing was applied. */
export async function readFeedState(sql: Sql, feed: string): Promise<FeedState> {
  const { rows } = await sql.query<Row>(
    `SELECT sequence, epoch, seen_sequence, fingerprint, halt_sequence, halt_cause
     FROM platform.feed_position WHERE name = $1`,
    [feed],
  );
  const row = rows[0];
  if (row === undefined) return { sequence: 0n, epoch: '', seen: nothingSeen, halt: undefined };
  const {
    sequence,
    epoch,
    seen_sequence: seenSequence,
    fingerprint,
    halt_sequence: haltSequence,
    halt_cause: cause,
  } = row;
  const halt = haltSequence === null ? undefined : { sequence: haltSequence, cause: cause ?? '' };
  return { sequence, epoch, seen: { seenSequence, fingerprint }, halt };
}

type Row = {
  sequence: bigint;
  epoch: string;
  seen_sequence: bigint;
  fingerprint: string;
  halt_sequence: bigint | null;
  halt_cause: string | null;
};

/** All halted feeds, by name. */
export async function readHalts(sql: Sql): Promise<(Halt & { feed: string })[]> {
  const { rows } = await sql.query<Halt & { feed: string }>(
    `SELECT name AS feed, halt_sequence AS sequence, coalesce(halt_cause, '') AS cause
     FROM platform.feed_position WHERE halt_sequence IS NOT NULL ORDER BY name`,
  );
  return rows;
}

/** Stores the epoch of a feed when the first of its entries is about to be applied. Throws LeaseLostError after a takeover. */
export async function saveEpoch(tx: Sql, feed: string, epoch: string, fence: Fence): Promise<void> {
  await fenceLease(tx, fence.leaseName, fence.token);
  await tx.query(
    `INSERT INTO platform.feed_position (name, sequence, epoch) VALUES ($1, 0, $2)
     ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch`,
    [feed, epoch],
  );
}

/** Begins a feed anew at sequence 0 of another epoch. Throws LeaseLostError after a takeover. */
export async function restartFeed(tx: Sql, feed: string, epoch: string, fence: Fence): Promise<void> {
  await fenceLease(tx, fence.leaseName, fence.token);
  await tx.query(
    `UPDATE platform.feed_position
     SET sequence = 0, epoch = $2, seen_sequence = 0, fingerprint = '', update_time = now() WHERE name = $1`,
    [feed, epoch],
  );
}

/**
 * Stores a halt of a consumer at a position. Returns false when it had halted already, or has moved on. Throws LeaseLostError when the
 * lease was taken over: one that was suspended must not halt those who have taken its place.
 */
export async function saveHalt(tx: Sql, feed: string, { position, halt }: StoredHalt, fence: Fence): Promise<boolean> {
  await fenceLease(tx, fence.leaseName, fence.token);
  const { rowCount } = await tx.query(
    `INSERT INTO platform.feed_position AS stored (name, sequence, halt_sequence, halt_cause, halt_time)
     VALUES ($1, 0, $2, $3, now())
     ON CONFLICT (name) DO UPDATE
       SET halt_sequence = excluded.halt_sequence, halt_cause = excluded.halt_cause, halt_time = excluded.halt_time
       WHERE stored.halt_sequence IS NULL AND stored.sequence = $4`,
    [feed, halt.sequence, halt.cause, position],
  );
  return rowCount === 1;
}

/** A halt, and the last sequence that was applied before it. */
export type StoredHalt = { position: bigint; halt: Halt };
