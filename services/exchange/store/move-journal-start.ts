import type { Sql } from '#platform/postgres/sql.ts';

/**
 * Moves the start of a shard's journal as far as all of `followers` have confirmed it, and not past the oldest of at least `snapshotsMin`
 * snapshots. The group there stays: it proves the next one.
 */
export async function moveJournalStart(
  db: Sql,
  { shard, followers, snapshotsMin }: { shard: number; followers: readonly string[]; snapshotsMin: number },
): Promise<void> {
  await db.query(
    `INSERT INTO journal_start AS start (shard, group_number, sequence)
     SELECT $1, kept.group_number, kept.last_sequence FROM (
       SELECT min(group_number) AS group_number, min(sequence) AS sequence FROM snapshot WHERE shard = $1
       HAVING count(*) >= $3
     ) AS oldest, (
       SELECT min(sequence) AS sequence FROM confirmation WHERE shard = $1 AND follower = ANY ($2)
       HAVING count(*) = cardinality($2::text[])
     ) AS confirmed, LATERAL (
       SELECT group_number, last_sequence FROM journal
       WHERE shard = $1 AND last_sequence <= least(oldest.sequence, confirmed.sequence)
         AND group_number <= oldest.group_number
       ORDER BY last_sequence DESC, group_number DESC LIMIT 1
     ) AS kept
     ON CONFLICT (shard) DO UPDATE SET group_number = excluded.group_number, sequence = excluded.sequence
       WHERE start.group_number < excluded.group_number`,
    [shard, followers, snapshotsMin],
  );
}
