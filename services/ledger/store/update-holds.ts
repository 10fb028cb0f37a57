import type { Sql } from '#platform/postgres/sql.ts';
import type { Hold } from '../domain/hold.ts';

/** Writes the state, terms and progress of holds that this transaction has locked. */
export async function updateHolds(tx: Sql, holds: readonly Hold[]): Promise<void> {
  if (holds.length === 0) return;
  const column = <T>(read: (hold: Hold) => T): T[] => holds.map(read);
  await tx.query(
    `UPDATE hold SET state = next.state, lots = next.lots, price_ticks = next.price_ticks, filled_lots = next.filled_lots,
       maker_value_cents = next.maker_value_cents, taker_value_cents = next.taker_value_cents, amount = next.amount,
       revision = next.revision
     FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
       $9::integer[])
       AS next (order_id, state, lots, price_ticks, filled_lots, maker_value_cents, taker_value_cents, amount, revision)
     WHERE hold.order_id = next.order_id`,
    [
      column(({ orderId }) => orderId),
      column(({ state }) => state),
      column(({ terms }) => terms.lots),
      column(({ terms }) => terms.priceTicks),
      column(({ progress }) => progress.filledLots),
      column(({ progress }) => progress.makerValueCents),
      column(({ progress }) => progress.takerValueCents),
      column(({ amount }) => amount),
      column(({ revision }) => revision),
    ],
  );
}
