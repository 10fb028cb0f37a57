import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredFill } from '../domain/fill.ts';
import type { Order } from '../domain/order.ts';
import { type FillRow, fromFillRow } from './fill-row.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';
import { readChangeHead } from './read-change-head.ts';

/** One change that an account's owner sees. */
export type Change = { sequence: bigint } & ({ order: Order } | { fill: StoredFill });

/**
 * Changes of an account after a position, in order, at most `limit`. An order that changed several times comes once, at its latest.
 * Sequences are drawn under the account's lock, so all up to the head are committed; what changes during the read lies past the head and
 * comes next time.
 */
export async function readChanges(db: Sql, accountId: string, after: bigint, limit: number): Promise<Change[]> {
  const head = await readChangeHead(db, accountId);
  if (head <= after) return [];
  const values = [accountId, after, head, limit];
  const range = 'account_id = $1 AND change_sequence > $2 AND change_sequence <= $3 ORDER BY change_sequence LIMIT $4';
  const orders = await db.query<OrderRow>(`SELECT * FROM orders WHERE ${range}`, values);
  const fills = await db.query<FillRow>(`SELECT * FROM fills WHERE ${range}`, values);
  const changes: Change[] = [
    ...orders.rows.map((row) => ({ sequence: row.change_sequence, order: fromOrderRow(row) })),
    ...fills.rows.map((row) => ({ sequence: row.change_sequence, fill: fromFillRow(row) })),
  ];
  // Each of the two statements has read its first `limit` changes, so the first `limit` of both together are among them.
  return changes.sort((a, b) => (a.sequence < b.sequence ? -1 : 1)).slice(0, limit);
}
