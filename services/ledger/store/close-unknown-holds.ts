import type { Sql } from '#platform/postgres/database.ts';
import { RaceLostError } from './repeat-on-race.ts';

/** Closes order ids for ever that no hold was taken for. Throws RaceLostError when one was named meanwhile. */
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
  if (rowCount !== unknown.length) throw new RaceLostError('an order id was named meanwhile');
}
