/** Seals the rows of a history for the audit, as its passes would have when the orders ended. */
import { create } from '@bufbuild/protobuf';
import type pg from 'pg';
import { RowsQuerySchema, Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { statementsOf } from '#platform/audit/statements.ts';
import { addSeals, type BlockSeal } from '../../../services/audit/index.ts';
import { auditedTables as ledgerTables } from '../../../services/ledger/index.ts';
import { auditedTables as orderTables } from '../../../services/order/index.ts';
import type { HistoryTable } from './history-rows.ts';

const sources = {
  orders: { service: 'order', tables: orderTables },
  fills: { service: 'order', tables: orderTables },
  hold: { service: 'ledger', tables: ledgerTables },
} as const;

/**
 * Seals all rows of the blocks of the history. There is no feed that it could be proved from: what is measured is a system that has proved it
 * long ago, whose full passes compare the digests of its rows.
 */
export async function sealHistory(
  connect: (service: string) => Promise<pg.Client>,
  { blocks, signal }: { blocks: readonly string[]; signal: AbortSignal },
): Promise<void> {
  const audit = await connect('audit');
  const sql = {
    async query<R>(text: string, values: unknown[] = []) {
      const { rows, rowCount } = await audit.query(text, values);
      return { rows: rows as R[], rowCount: rowCount ?? 0 };
    },
  };
  for (const [table, { service, tables }] of Object.entries(sources)) {
    const client = await connect(service);
    const text = blockSql(tables, table as HistoryTable);
    for (const block of blocks) {
      signal.throwIfAborted();
      const { rows } = await client.query<{ rows: number; digest: string; content: string }>(text, [block]);
      const seals: BlockSeal[] = rows.map((seal) => ({ ...seal, block, digest: BigInt(seal.digest) }));
      await addSeals(sql, `${service} ${table}`, seals);
    }
  }
}

/** One row: the seal of a block, computed by the database from the rows as the audit reads them. */
function blockSql(tables: Parameters<typeof statementsOf>[0], table: HistoryTable): string {
  const query = create(RowsQuerySchema, { tables: [{ table, selection: Selection.BLOCK_HASHES, ids: [''] }] });
  const [statement] = statementsOf(tables, query);
  return `
    SELECT count(*)::integer AS rows, bit_xor(hash) AS digest, string_agg(key || E'\\t' || hash, E'\\n') AS content
    FROM (${statement?.text}) AS final HAVING count(*) > 0`;
}
