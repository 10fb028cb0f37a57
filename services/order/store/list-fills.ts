import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredFill } from '../domain/fill.ts';
import { type FillRow, fromFillRow } from './fill-row.ts';

/** Which fills of an account to list. `beforeSequence` undefined: from the newest. */
export type FillFilter = {
  accountId: string;
  /** Undefined: every order. */
  orderId: string | undefined;
  beforeSequence: bigint | undefined;
};

/** Fills, newest first, at most `limit`. */
export async function listFills(db: Sql, filter: FillFilter, limit: number): Promise<StoredFill[]> {
  const conditions = ['account_id = $1'];
  const values: unknown[] = [filter.accountId, limit];
  if (filter.orderId !== undefined) conditions.push(`order_id = $${values.push(filter.orderId)}`);
  if (filter.beforeSequence !== undefined) conditions.push(`change_sequence < $${values.push(filter.beforeSequence)}`);
  const { rows } = await db.query<FillRow>(
    `SELECT * FROM fills WHERE ${conditions.join(' AND ')} ORDER BY change_sequence DESC LIMIT $2`,
    values,
  );
  return rows.map(fromFillRow);
}
