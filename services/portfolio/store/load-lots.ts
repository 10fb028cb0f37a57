import { textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { PositionKey } from '../domain/book.ts';
import type { Lot, LotMethod } from '../domain/lot.ts';
import { createLotBook, type LotBook, type LotHolding, setLots } from '../domain/lot-book.ts';

/** The lots of the positions that are named, and the methods of their accounts, as they are before the entries: one statement. */
export async function loadLots(tx: Sql, positions: readonly PositionKey[]): Promise<LotBook> {
  const book = createLotBook();
  const { rows } = await tx.query<Row>(
    `SELECT key.place, method, previous_method, since_sequence,
       total.quantity_micros AS total_quantity, total.cost_micros AS total_cost, total.realized_micros AS total_realized,
       total.taken_micros AS total_taken,
       ${lotColumns}
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS key (account_id, symbol, place)
     LEFT JOIN lot_method USING (account_id)
     LEFT JOIN lot_total AS total USING (account_id, symbol)
     -- OFFSET 0: each position is looked up by itself, however many of them there are, and no other lots are read.
     LEFT JOIN LATERAL (SELECT * FROM lot WHERE account_id = key.account_id AND symbol = key.symbol OFFSET 0) AS lot ON true`,
    [textArray(positions.map(({ accountId }) => accountId)), textArray(positions.map(({ symbol }) => symbol))],
  );
  for (const [place, ofPosition] of Map.groupBy(rows, (row) => Number(row.place))) {
    const [position, first] = [positions[place - 1], ofPosition[0]];
    if (position === undefined || first === undefined) continue;
    setLots(book, toHolding(position, first, ofPosition));
    if (first.method === null) continue;
    const { method, previous_method: previousMethod, since_sequence: sinceSequence } = first;
    book.choices.set(position.accountId, { method, previousMethod, sinceSequence });
  }
  return book;
}

function toHolding(position: PositionKey, row: Row, rows: readonly Row[]): LotHolding {
  const lots = rows
    .flatMap((one) => (one.lot_id === null ? [] : toLot(one)))
    .toSorted((one, other) => (one.lotId < other.lotId ? -1 : 1));
  const sums = {
    quantityMicros: row.total_quantity ?? 0n,
    costMicros: row.total_cost ?? 0n,
    realizedMicros: row.total_realized ?? 0n,
    takenMicros: row.total_taken ?? 0n,
  };
  return { ...position, lots, stored: lots, ...sums };
}

// To read thousands of times of day as text takes longer than the rest of their rows.
function millis(column: string): string {
  return `round(extract(epoch FROM ${column}) * 1000)::bigint`;
}

/** The columns of a lot, as `toLot` reads them. */
export const lotColumns = `lot.lot_id, lot.order_id, ${millis('lot.acquire_time')} AS acquire_ms,
       ${millis('lot.last_acquire_time')} AS last_acquire_ms, lot.purchases, lot.quantity_micros, lot.cost_micros,
       lot.left_quantity_micros, lot.left_cost_micros`;

/** A row of `lotColumns`. */
export type LotRow = {
  lot_id: bigint;
  order_id: string;
  acquire_ms: bigint;
  last_acquire_ms: bigint;
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
    acquireTimeMs: Number(row.acquire_ms),
    lastAcquireTimeMs: Number(row.last_acquire_ms),
    purchases: row.purchases,
    quantityMicros: row.quantity_micros,
    costMicros: row.cost_micros,
    leftQuantityMicros: row.left_quantity_micros,
    leftCostMicros: row.left_cost_micros,
  };
}

type Row = PositionRow & (MethodRow | NoMethod) & (LotRow | (Partial<LotRow> & { lot_id: null }));
/** By the place of its position among those that are named, from 1. */
type PositionRow = {
  place: bigint;
  total_quantity: bigint | null;
  total_cost: bigint | null;
  total_realized: bigint | null;
  total_taken: bigint | null;
};
type MethodRow = { method: LotMethod; previous_method: LotMethod; since_sequence: bigint };
type NoMethod = { method: null; previous_method: null; since_sequence: null };
