import type { Database, Sql } from '#platform/postgres/database.ts';
import type { Order } from '../domain/order.ts';
import { type Fill, type FillRow, fromFillRow } from './fill-row.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';

/** One change that an account's owner sees. */
export type Change = { sequence: bigint } & ({ order: Order } | { fill: Fill });

/** All open orders of an account at one position of its sequence. */
export type OpenOrders = { sequence: bigint; orders: Order[] };

/** Greatest number of open orders that an account may have. */
const openOrdersMax = 10_000;

/**
 * Changes of an account after a position, in order, at most `limit`. An order that changed several times comes once, at its
 * latest. Sequences are drawn under the account's lock, so all up to the head are committed; what changes while we read
 * goes past the head and comes next time.
 */
export async function readChanges(db: Sql, accountId: string, after: bigint, limit: number): Promise<Change[]> {
  const head = await readHead(db, accountId);
  if (head <= after) return [];
  const values = [accountId, after, head, limit];
  const range = 'account_id = $1 AND change_sequence > $2 AND change_sequence <= $3 ORDER BY change_sequence LIMIT $4';
  const orders = await db.query<OrderRow>(`SELECT * FROM orders WHERE ${range}`, values, { prepare: true });
  const fills = await db.query<FillRow>(`SELECT * FROM fills WHERE ${range}`, values, { prepare: true });
  const changes: Change[] = [
    ...orders.rows.map((row) => ({ sequence: row.change_sequence, order: fromOrderRow(row) })),
    ...fills.rows.map((row) => ({ sequence: row.change_sequence, fill: fromFillRow(row) })),
  ];
  // The first `limit` of both lists together lie within what each of them has read.
  return changes.sort((a, b) => (a.sequence < b.sequence ? -1 : 1)).slice(0, limit);
}

/** The account's open orders and the position at which they stand, from one snapshot. */
export function readOpenOrders(db: Database, accountId: string): Promise<OpenOrders> {
  return db.transaction(
    async (tx) => {
      const sequence = await readHead(tx, accountId);
      const { rows } = await tx.query<OrderRow>(
        `SELECT * FROM orders WHERE account_id = $1 AND state NOT IN ('filled', 'cancelled', 'rejected')
         ORDER BY change_sequence LIMIT $2`,
        [accountId, openOrdersMax],
      );
      return { sequence, orders: rows.map(fromOrderRow) };
    },
    { isolation: 'repeatable read' },
  );
}

/** The last change sequence that the account has drawn; 0 when it never ordered. */
export async function readHead(db: Sql, accountId: string): Promise<bigint> {
  const { rows } = await db.query<{ change_sequence: bigint }>(
    'SELECT change_sequence FROM accounts WHERE account_id = $1',
    [accountId],
    { prepare: true },
  );
  return rows[0]?.change_sequence ?? 0n;
}
