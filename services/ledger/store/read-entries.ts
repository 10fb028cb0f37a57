import { fromBinary } from '@bufbuild/protobuf';
import { type LedgerEntry, LedgerEntrySchema } from '#gen/outcry/ledger/v1/feed_pb.ts';
import type { Sql } from '#platform/postgres/database.ts';
import { feedName } from './append-entries.ts';

/** The entries of the ledger's feed after a sequence, in order, at most `limit`. */
export async function readEntriesAfter(sql: Sql, sequence: bigint, limit: number): Promise<LedgerEntry[]> {
  const { rows } = await sql.query<{ sequence: bigint; fact: Buffer }>(
    'SELECT sequence, fact FROM entry WHERE sequence > $1 ORDER BY sequence LIMIT $2',
    [sequence, limit],
    { prepare: true },
  );
  return rows.map((row) => Object.assign(fromBinary(LedgerEntrySchema, row.fact), { sequence: row.sequence }));
}

/** The sequence of the last entry; 0 when there is none. */
export async function readHeadSequence(sql: Sql): Promise<bigint> {
  const { rows } = await sql.query<{ sequence: bigint }>('SELECT sequence FROM platform.feed_head WHERE name = $1', [
    feedName,
  ]);
  return rows[0]?.sequence ?? 0n;
}
