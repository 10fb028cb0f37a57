import type { Database } from '#platform/postgres/sql.ts';
import type { Order } from '../domain/order.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';
import { readChangeHead } from './read-change-head.ts';

/** All open orders of an account at one position of its change sequence. */
export type OpenOrders = { sequence: bigint; orders: Order[] };

/** Greatest number of open orders that an account may have. */
const openOrdersMax = 10_000;

/** The account's open orders and the position at which they stand, from one snapshot. */
export function readOpenOrders(db: Database, accountId: string): Promise<OpenOrders> {
  return db.transaction(
    async (tx) => {
      const sequence = await readChangeHead(tx, accountId);
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
