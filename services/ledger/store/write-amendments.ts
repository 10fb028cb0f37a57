import type { Sql } from '#platform/postgres/sql.ts';
import type { Amendment } from '../domain/amendment.ts';
import type { Hold } from '../domain/hold.ts';

/** Writes the amendments of holds that have one, by one statement; without any it does nothing. The rows must be locked. */
export async function writeAmendments(tx: Sql, holds: readonly Hold[]): Promise<void> {
  const amended = holds.flatMap(({ orderId, amendment }) => (amendment ? { orderId, amendment } : []));
  if (amended.length === 0) return;
  const of = <T>(read: (amendment: Amendment) => T): T[] => amended.map(({ amendment }) => read(amendment));
  await tx.query(
    `UPDATE hold SET amend_number = next.number, amend_state = next.state, amend_command = next.command, amend_lots = next.lots,
       amend_price_ticks = next.price_ticks, amend_refusal = next.refusal
     FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::jsonb[])
       AS next (order_id, number, state, command, lots, price_ticks, refusal)
     WHERE hold.order_id = next.order_id`,
    [
      amended.map(({ orderId }) => orderId),
      of(({ number }) => number),
      of(({ state }) => state),
      of(({ commandId }) => commandId),
      of(({ lots }) => lots),
      of(({ priceTicks }) => priceTicks),
      of(({ refusal }) => (refusal ? JSON.stringify(refusal) : null)),
    ],
  );
}
