import type { Sql } from '#platform/postgres/sql.ts';
import { type HoldRecord, orderIdOf } from '../domain/hold-record.ts';
import { type HoldRow, holdColumns, toHoldRecord } from './hold-row.ts';

/** The records under the order ids, by order id; unknown ids are left out. */
export async function readHolds(sql: Sql, orderIds: readonly string[]): Promise<Map<string, HoldRecord>> {
  return toMap(
    await sql.query<HoldRow>(`SELECT ${holdColumns} FROM hold WHERE order_id = ANY($1::uuid[])`, [orderIds]),
  );
}

/** As `readHolds`, and locks the rows, in the order of their ids, until the transaction ends. */
export async function lockHolds(tx: Sql, orderIds: readonly string[]): Promise<Map<string, HoldRecord>> {
  return toMap(
    await tx.query<HoldRow>(
      `SELECT ${holdColumns} FROM hold WHERE order_id = ANY($1::uuid[]) ORDER BY order_id FOR UPDATE`,
      [orderIds],
    ),
  );
}

function toMap({ rows }: { rows: HoldRow[] }): Map<string, HoldRecord> {
  return new Map(rows.map(toHoldRecord).map((record) => [orderIdOf(record), record]));
}
