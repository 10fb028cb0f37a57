import { startPosition } from '#platform/feed/position.ts';
import type { Sql } from '#platform/postgres/sql.ts';

/** The name of a shard's feed in auto's database. */
export function exchangeFeed(shard: number): string {
  return `exchange.${shard}`;
}

/**
 * Stops the judging of a feed until the transaction ends, so that no trade is passed meanwhile, and returns the epoch at its position;
 * empty before anything was judged. A feed that was never judged begins after `sequence`.
 */
export async function lockPosition(tx: Sql, feed: string, sequence: bigint): Promise<string> {
  await startPosition(tx, feed, sequence);
  const { rows } = await tx.query<{ epoch: string }>(
    'SELECT epoch FROM platform.feed_position WHERE name = $1 FOR SHARE',
    [feed],
  );
  return rows[0]?.epoch ?? '';
}
