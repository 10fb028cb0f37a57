import { plainArray, textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Lot } from '../domain/lot.ts';
import type { LotBook, SoldPiece } from '../domain/lot-book.ts';

/**
 * Writes what has changed of the lots, removes those of which nothing is left, and adds what was sold: one statement. The transaction does
 * not wait for the disk, for the reason that `saveHoldings` gives.
 */
export async function saveLots(tx: Sql, changes: { book: LotBook; sold: readonly SoldPiece[] }): Promise<void> {
  await tx.query(
    `WITH closed AS (
       DELETE FROM lot USING unnest($1::text[], $2::text[], $3::bigint[]) AS key (account_id, symbol, lot_id)
       WHERE lot.account_id = key.account_id AND lot.symbol = key.symbol AND lot.lot_id = key.lot_id
     ), saved_lots AS (
       INSERT INTO lot (account_id, symbol, lot_id, order_id, acquire_time, last_acquire_time, purchases, quantity_micros,
         cost_micros, left_quantity_micros, left_cost_micros)
       SELECT account_id, symbol, lot_id, order_id, to_timestamp(acquire_ms / 1000.0), to_timestamp(last_ms / 1000.0), purchases,
         quantity, cost, left_quantity, left_cost
       FROM unnest($4::text[], $5::text[], $6::bigint[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[],
         $12::bigint[], $13::bigint[], $14::bigint[]) AS fresh (account_id, symbol, lot_id, order_id, acquire_ms, last_ms,
         purchases, quantity, cost, left_quantity, left_cost)
       ON CONFLICT (account_id, symbol, lot_id) DO UPDATE SET
         order_id = excluded.order_id,
         last_acquire_time = excluded.last_acquire_time,
         purchases = excluded.purchases,
         quantity_micros = excluded.quantity_micros,
         cost_micros = excluded.cost_micros,
         left_quantity_micros = excluded.left_quantity_micros,
         left_cost_micros = excluded.left_cost_micros
     ), saved_totals AS (
       INSERT INTO lot_total (account_id, symbol, quantity_micros, cost_micros, realized_micros, taken_micros)
       SELECT * FROM unnest($15::text[], $16::text[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[])
       ON CONFLICT (account_id, symbol) DO UPDATE SET
         quantity_micros = excluded.quantity_micros,
         cost_micros = excluded.cost_micros,
         realized_micros = excluded.realized_micros,
         taken_micros = excluded.taken_micros
     ), saved_sales AS (
       INSERT INTO lot_sale (account_id, sequence, piece, symbol, trade_id, lot_id, acquire_time, last_acquire_time, sale_time,
         quantity_micros, proceeds_micros, cost_micros, gain_micros)
       SELECT account_id, sequence, piece, symbol, trade_id, lot_id, to_timestamp(acquire_ms / 1000.0),
         to_timestamp(last_ms / 1000.0), to_timestamp(sale_ms / 1000.0), quantity, proceeds, cost, proceeds - cost
       FROM unnest($21::text[], $22::bigint[], $23::integer[], $24::text[], $25::text[], $26::bigint[], $27::bigint[],
         $28::bigint[], $29::bigint[], $30::bigint[], $31::bigint[], $32::bigint[]) AS sold (account_id, sequence, piece,
         symbol, trade_id, lot_id, acquire_ms, last_ms, sale_ms, quantity, proceeds, cost)
     )
     SELECT set_config('synchronous_commit', 'off', true)`,
    [...lotColumns(changes.book), ...totalColumns(changes.book), ...saleColumns(changes.sold)],
  );
}

type OwnedLot = Lot & { accountId: string; symbol: string };

function lotColumns(book: LotBook): string[] {
  const closed: OwnedLot[] = [];
  const changed: OwnedLot[] = [];
  for (const { accountId, symbol, lots, stored } of book.holdings.values()) {
    const ids = new Set(lots.map(({ lotId }) => lotId));
    const unchanged = new Set(stored);
    closed.push(...stored.filter(({ lotId }) => !ids.has(lotId)).map((lot) => ({ ...lot, accountId, symbol })));
    changed.push(...lots.filter((lot) => !unchanged.has(lot)).map((lot) => ({ ...lot, accountId, symbol })));
  }
  return [
    ...keyColumns(closed),
    ...keyColumns(changed),
    textArray(changed.map(({ orderId }) => orderId)),
    plainArray(changed.map(({ acquireTimeMs }) => acquireTimeMs)),
    plainArray(changed.map(({ lastAcquireTimeMs }) => lastAcquireTimeMs)),
    plainArray(changed.map(({ purchases }) => purchases)),
    plainArray(changed.map(({ quantityMicros }) => quantityMicros)),
    plainArray(changed.map(({ costMicros }) => costMicros)),
    plainArray(changed.map(({ leftQuantityMicros }) => leftQuantityMicros)),
    plainArray(changed.map(({ leftCostMicros }) => leftCostMicros)),
  ];
}

function keyColumns(lots: readonly OwnedLot[]): string[] {
  return [
    textArray(lots.map(({ accountId }) => accountId)),
    textArray(lots.map(({ symbol }) => symbol)),
    plainArray(lots.map(({ lotId }) => lotId)),
  ];
}

function totalColumns(book: LotBook): string[] {
  const totals = [...book.holdings.values()];
  return [
    textArray(totals.map(({ accountId }) => accountId)),
    textArray(totals.map(({ symbol }) => symbol)),
    plainArray(totals.map(({ quantityMicros }) => quantityMicros)),
    plainArray(totals.map(({ costMicros }) => costMicros)),
    plainArray(totals.map(({ realizedMicros }) => realizedMicros)),
    plainArray(totals.map(({ takenMicros }) => takenMicros)),
  ];
}

function saleColumns(sold: readonly SoldPiece[]): string[] {
  return [
    textArray(sold.map(({ accountId }) => accountId)),
    plainArray(sold.map(({ sequence }) => sequence)),
    plainArray(sold.map(({ piece }) => piece)),
    textArray(sold.map(({ symbol }) => symbol)),
    textArray(sold.map(({ tradeId }) => tradeId)),
    plainArray(sold.map(({ lotId }) => lotId)),
    plainArray(sold.map(({ acquireTimeMs }) => acquireTimeMs)),
    plainArray(sold.map(({ lastAcquireTimeMs }) => lastAcquireTimeMs)),
    plainArray(sold.map(({ timeMs }) => timeMs)),
    plainArray(sold.map(({ quantityMicros }) => quantityMicros)),
    plainArray(sold.map(({ proceedsMicros }) => proceedsMicros)),
    plainArray(sold.map(({ costMicros }) => costMicros)),
  ];
}
