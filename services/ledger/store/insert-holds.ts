import { TransactionConflictError } from '#platform/postgres/failures.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Hold } from '../domain/hold.ts';
import type { Refusal } from '../domain/refusal.ts';
import { listRoles } from './hold-row.ts';

/** A hold as it is first written: taken, or refused. */
export type NewHold = { hold: Hold; refusal?: Refusal };

/** Inserts holds and refusals. Throws TransactionConflictError when another transaction stored one of the order ids meanwhile. */
export async function insertHolds(tx: Sql, holds: readonly NewHold[], createTime: Date): Promise<void> {
  if (holds.length === 0) return;
  const column = <T>(read: (hold: Hold) => T): T[] => holds.map(({ hold }) => read(hold));
  const { rowCount } = await tx.query(
    `INSERT INTO hold (order_id, state, account_id, symbol, side, lots, price_ticks, tick_lot_micros, lot_micros,
       maker_bps, taker_bps, amount, refusal, amount_max_micros, list_id, list_role, create_time)
     SELECT fresh.*, $17::timestamptz FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
       $8::bigint[], $9::bigint[], $10::integer[], $11::integer[], $12::bigint[], $13::jsonb[], $14::bigint[], $15::uuid[],
       $16::smallint[]) AS fresh (order_id)
     ORDER BY fresh.order_id
     ON CONFLICT (order_id) DO NOTHING`,
    [
      column(({ orderId }) => orderId),
      column(({ state }) => state),
      column(({ terms }) => terms.accountId),
      column(({ terms }) => terms.symbol),
      column(({ terms }) => terms.side),
      column(({ terms }) => terms.lots),
      column(({ terms }) => terms.priceTicks),
      column(({ terms }) => terms.tickLotMicros),
      column(({ terms }) => terms.lotMicros),
      column(({ terms }) => terms.makerBps),
      column(({ terms }) => terms.takerBps),
      column(({ amount }) => amount),
      holds.map(({ refusal }) => (refusal ? JSON.stringify(refusal) : null)),
      column(({ terms }) => terms.amountMicros ?? null),
      column(({ leg }) => leg?.listId ?? null),
      column(({ leg }) => (leg ? listRoles.indexOf(leg.role) : null)),
      createTime,
    ],
  );
  if (rowCount !== holds.length) throw new TransactionConflictError('an order id was stored meanwhile');
}
