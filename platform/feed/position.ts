import { fenceLease } from '#platform/postgres/lease.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { SeenHistory } from './history.ts';

/** Another follower has applied part of the feed meanwhile; read the position again. */
export class PositionMovedError extends Error {
  override name = 'PositionMovedError';
}

/** The last sequence of the feed that was applied here; 0 when none was. */
export async function readPosition(tx: Sql, name: string): Promise<bigint> {
  const { rows } = await tx.query<{ sequence: bigint }>('SELECT sequence FROM platform.feed_position WHERE name = $1', [
    name,
  ]);
  return rows[0]?.sequence ?? 0n;
}

/**
 * Moves the position in the transaction that applies what lies between. Throws PositionMovedError, so that the transaction
 * is rolled back, when it is not at `from` any more: each entry takes effect once, however many followers there are.
 */
export async function advancePosition(tx: Sql, name: string, from: bigint, to: bigint): Promise<void> {
  const updated = await tx.query(
    'UPDATE platform.feed_position SET sequence = $3, update_time = now() WHERE name = $1 AND sequence = $2',
    [name, from, to],
  );
  if (updated.rowCount === 1) return;
  if (from === 0n) {
    const inserted = await tx.query(
      'INSERT INTO platform.feed_position (name, sequence) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING',
      [name, to],
    );
    if (inserted.rowCount === 1) return;
  }
  throw moved(name, from);
}

/** Lets the consumer of a feed of which nothing was applied begin after a sequence; changes nothing for any other. */
export async function startPosition(sql: Sql, feed: string, sequence: bigint): Promise<void> {
  await sql.query('INSERT INTO platform.feed_position (name, sequence) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [
    feed,
    sequence,
  ]);
}

/** The newest holder of the consumer's lease. */
export type Fence = { leaseName: string; token: bigint };

/** A move of a position, with what its consumer has seen of the feed by then. */
export type PositionMove = { feed: string; from: bigint; to: bigint; seen: SeenHistory };

/**
 * As `advancePosition`, by one statement with the fence of the consumer's lease. Throws LeaseLostError when the lease was taken over; a takeover
 * waits for the transaction.
 */
export async function advanceFenced(
  tx: Sql,
  { feed, from, to, seen: { seenSequence, fingerprint } }: PositionMove,
  { leaseName, token }: Fence,
): Promise<void> {
  const { rowCount } = await tx.query(
    `WITH lease AS MATERIALIZED (SELECT FROM platform.lease WHERE name = $4 AND token = $5 FOR KEY SHARE)
     UPDATE platform.feed_position SET sequence = $3, seen_sequence = $6, fingerprint = $7, update_time = now()
     WHERE name = $1 AND sequence = $2 AND EXISTS (SELECT FROM lease)`,
    [feed, from, to, leaseName, token, seenSequence, fingerprint],
  );
  if (rowCount === 1) return;
  await fenceLease(tx, leaseName, token);
  await insertPosition(tx, { feed, from, to, seen: { seenSequence, fingerprint } });
}

async function insertPosition(tx: Sql, { feed, from, to, seen }: PositionMove): Promise<void> {
  if (from !== 0n) throw moved(feed, from);
  const { rowCount } = await tx.query(
    `INSERT INTO platform.feed_position (name, sequence, seen_sequence, fingerprint) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO NOTHING`,
    [feed, to, seen.seenSequence, seen.fingerprint],
  );
  if (rowCount !== 1) throw moved(feed, from);
}

function moved(feed: string, from: bigint): PositionMovedError {
  return new PositionMovedError(`the position of feed ${feed} is not ${from} any more`);
}

/** Makes an own feed, whose epoch is from now on that of its database, unless it is there. */
export async function openFeed(sql: Sql, name: string): Promise<void> {
  await sql.query('INSERT INTO platform.feed_head (name, sequence) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING', [
    name,
  ]);
}

/**
 * Draws `count` consecutive sequences of an own feed and returns the first. The row lock lasts until `tx` ends, so sequences
 * become visible in their order and no follower can pass one that is not committed yet. Draw late in the transaction.
 */
export async function drawSequences(tx: Sql, name: string, count: number): Promise<bigint> {
  const { rows } = await tx.query<{ sequence: bigint }>(
    `INSERT INTO platform.feed_head AS head (name, sequence) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET sequence = head.sequence + $2
     RETURNING sequence`,
    [name, count],
  );
  return (rows[0]?.sequence ?? 0n) - BigInt(count) + 1n;
}
