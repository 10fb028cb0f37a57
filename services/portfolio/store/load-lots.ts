import { textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { PositionKey } from '../domain/book.ts';
import type { Lot, LotMethod } from '../domain/lot.ts';
import { createLotBook, type LotBook, type LotHolding, setLots } from '../domain/lot-book.ts';

/** The lots of the positions that are named, and the methods of their accounts, as they are before the entries: one statement. */
export async function loadLots(tx: Sql, positions: readonly PositionKey[]): Promise<LotBook> {
  const book = createLotBook();
  const { rows } = await tx.query<Row>(
    `SELECT key.account_id, key.symbol, method, previous_method, since_sequence,
       coalesce(total.quantity_micros, 0) AS total_quantity, coalesce(total.cost_micros, 0) AS total_cost,
       coalesce(total.realized_micros, 0) AS total_realized,
       ${lotColumns}
     FROM unnest($1::text[], $2::text[]) AS key (account_id, symbol)
     LEFT JOIN lot_method USING (account_id)
     LEFT JOIN lot_total AS total USING (account_id, symbol)
     -- OFFSET 0: each position is looked up by itself, however many of them there are, and no other lots are read.
     LEFT JOIN LATERAL (SELECT * FROM lot WHERE account_id = key.account_id AND symbol = key.symbol OFFSET 0) AS lot ON true`,
    [textArray(positions.map(({ accountId }) => accountId)), textArray(positions.map(({ symbol }) => symbol))],
  );
  const ofPosition = Map.groupBy(rows, (row) => `${row.account_id} ${row.symbol}`);
  for (const [first, ...others] of ofPosition.values()) {
    if (first === undefined) continue;
    setLots(book, toHolding(first, [first, ...others]));
    if (first.method === null) continue;
    const { method, previous_method: previousMethod, since_sequence: sinceSequence } = first;
    book.choices.set(first.account_id, { method, previousMethod, sinceSequence });
  }
  return book;
}

function toHolding(
  { account_id: accountId, symbol, total_quantity, total_cost, total_realized }: Row,
  rows: readonly Row[],
): LotHolding {
  const lots = rows
    .flatMap((row) => (row.lot_id === null ? [] : toLot(row)))
    .toSorted((one, other) => (one.lotId < other.lotId ? -1 : 1));
  const sums = { quantityMicros: total_quantity, costMicros: total_cost, realizedMicros: total_realized };
  return { accountId, symbol, lots, stored: lots, ...sums };
}

/** The columns of a lot, as `toLot` reads them. */
export const lotColumns = `lot.lot_id, lot.order_id, lot.acquire_time, lot.last_acquire_time, lot.purchases, lot.quantity_micros,
       lot.cost_micros, lot.left_quantity_micros, lot.left_cost_micros`;

/** A row of `lotColumns`. */
export type LotRow = {
  lot_id: bigint;
  order_id: string;
  acquire_time: Date;
  last_acquire_time: Date;
  purchases: bigint;
  quantity_micros: bigint;
  cost_micros: bigint;
  left_quantity_micros: bigint;
  left_cost_micros: bigint;
};

/** A lot as it is stored. */
export function toLot(row: LotRow): Lot {
  return {
    lotId: row.lot_id,
    orderId: row.order_id,
    acquireTimeMs: row.acquire_time.getTime(),
    lastAcquireTimeMs: row.last_acquire_time.getTime(),
    purchases: row.purchases,
    quantityMicros: row.quantity_micros,
    costMicros: row.cost_micros,
    leftQuantityMicros: row.left_quantity_micros,
    leftCostMicros: row.left_cost_micros,
  };
}

type Row = PositionRow & (MethodRow | NoMethod) & (LotRow | (Partial<LotRow> & { lot_id: null }));
type PositionRow = {
  account_id: string;
  symbol: string;
  total_quantity: bigint;
  total_cost: bigint;
  total_realized: bigint;
};
type MethodRow = { method: LotMethod; previous_method: LotMethod; since_sequence: bigint };
type NoMethod = { method: null; previous_method: null; since_sequence: null };
