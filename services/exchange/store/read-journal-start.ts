import type { Sql } from '#platform/postgres/sql.ts';

/** The first group of a journal that is kept, and its last sequence; zeros: all groups are. */
export type JournalStart = { groupNumber: number; sequence: number };

/** Where a shard's journal begins. Groups before it are deleted, or about to be. */
export async function readJournalStart(db: Sql, shard: number): Promise<JournalStart> {
  const { rows } = await db.query<{ group_number: bigint; sequence: bigint }>(
    'SELECT group_number, sequence FROM journal_start WHERE shard = $1',
    [shard],
  );
  return { groupNumber: Number(rows[0]?.group_number ?? 0), sequence: Number(rows[0]?.sequence ?? 0) };
}
