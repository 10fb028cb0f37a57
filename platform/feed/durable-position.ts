import type { Sql } from '#platform/postgres/sql.ts';

/**
 * Up to where a feed was applied, once that is on disk; undefined for a feed of which nothing was applied, and for a halted consumer, which
 * an operator may send back. Commits that apply a feed need not wait for the disk, but this one does, and the disk has every earlier commit
 * by then. It is a single statement: where the server crashes between what was read and the commit, the commit fails too.
 */
export async function saveDurablePosition(sql: Sql, feed: string): Promise<bigint | undefined> {
  const { rows } = await sql.query<{ sequence: bigint }>(
    `INSERT INTO platform.feed_durable_position (name, sequence)
     SELECT name, sequence FROM platform.feed_position WHERE name = $1 AND halt_sequence IS NULL
     ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, save_time = now()
     RETURNING sequence, set_config('synchronous_commit', 'on', true)`,
    [feed],
  );
  return rows[0]?.sequence;
}
