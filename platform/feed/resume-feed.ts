/** What an operator does with the consumers of one database. */
import type { Sql } from '#platform/postgres/sql.ts';
import type { Halt } from './feed-state.ts';

/** A consumer as an operator sees it. */
export type ConsumerState = { feed: string; sequence: bigint; epoch: string; updateTime: Date; halt: Halt | undefined };

/** All consumers that have applied something or have halted, by the names of their feeds. */
export async function listConsumers(sql: Sql): Promise<ConsumerState[]> {
  type Row = Omit<ConsumerState, 'halt'> & { halt_sequence: bigint | null; halt_cause: string };
  const { rows } = await sql.query<Row>(
    `SELECT name AS feed, sequence, epoch, update_time AS "updateTime", halt_sequence, coalesce(halt_cause, '') AS halt_cause
     FROM platform.feed_position ORDER BY name`,
  );
  return rows.map(({ halt_sequence: sequence, halt_cause: cause, ...state }) => {
    return { ...state, halt: sequence === null ? undefined : { sequence, cause } };
  });
}

/**
 * Lifts a halt: within a second the consumer tries again what has halted it. With `adoptAfter` it takes the history that the feed has now
 * for its own, and goes on after that sequence of it: for a lost history, once the entries that only one of the two has are settled by
 * other means. Resolves to false when the consumer was not halted.
 */
export async function resumeFeed(sql: Sql, feed: string, adoptAfter?: bigint): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE platform.feed_position SET halt_sequence = NULL, halt_cause = NULL, halt_time = NULL,
       sequence = coalesce($2::bigint, sequence),
       epoch = CASE WHEN $2::bigint IS NULL THEN epoch ELSE '' END,
       seen_sequence = CASE WHEN $2::bigint IS NULL THEN seen_sequence ELSE 0 END,
       fingerprint = CASE WHEN $2::bigint IS NULL THEN fingerprint ELSE '' END
     WHERE name = $1 AND halt_sequence IS NOT NULL`,
    [feed, adoptAfter],
  );
  return rowCount === 1;
}
