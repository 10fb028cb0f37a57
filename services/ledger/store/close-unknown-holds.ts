import { TransactionConflictError } from '#platform/postgres/failures.ts';
import type { Sql } from '#platform/postgres/sql.ts';

/**
 * Closes order ids without a hold, so that they can never get one. Throws TransactionConflictError when another transaction stored one of
 * them meanwhile.
 */
export async function closeUnknownHolds(tx: Sql, orderIds: readonly string[], closeTime: Date): Promise<void> {
  const unknown = [...new Set(orderIds)];
  if (unknown.length === 0) return;
  const { rowCount } = await tx.query(
    `INSERT INTO hold (order_id, state, create_time)
     SELECT order_id, 'released', $2::timestamptz FROM unnest($1::uuid[]) AS id (order_id)
     ORDER BY order_id
     ON CONFLICT (order_id) DO NOTHING`,
    [unknown, closeTime],
  );
  if (rowCount !== unknown.length) throw new TransactionConflictError('an order id was stored meanwhile');
}
