import type { Sql } from '#platform/postgres/sql.ts';
import type { SoldPiece } from '../domain/lot-book.ts';

/** Which sales by lots: of one symbol or, when it is empty, of all; before another one in their order. */
export type LotSaleQuery = {
  accountId: string;
  symbol: string;
  before: Pick<SoldPiece, 'sequence' | 'piece'>;
  limit: number;
};

/** The place before the newest sale. */
export const afterLastSale = { sequence: 2n ** 63n - 1n, piece: 0 } satisfies LotSaleQuery['before'];

/** At most `limit` parts of sales of an account, newest sale first, and of one sale the last piece first. */
export async function listLotSales(sql: Sql, { accountId, symbol, before, limit }: LotSaleQuery): Promise<SoldPiece[]> {
  // Two texts, so that each is planned for its index.
  const ofSymbol = symbol === '' ? '' : 'AND symbol = $5';
  const { rows } = await sql.query<Row>(
    `SELECT symbol, sequence, piece, trade_id, lot_id, acquire_time, last_acquire_time, sale_time, quantity_micros, proceeds_micros,
       cost_micros, gain_micros
     FROM lot_sale WHERE account_id = $1 AND (sequence, piece) < ($2, $3) ${ofSymbol}
     ORDER BY sequence DESC, piece DESC LIMIT $4`,
    [accountId, before.sequence, before.piece, limit, ...(symbol === '' ? [] : [symbol])],
  );
  return rows.map((row) => ({
    accountId,
    symbol: row.symbol,
    sequence: row.sequence,
    piece: row.piece,
    tradeId: row.trade_id,
    lotId: row.lot_id,
    acquireTimeMs: row.acquire_time.getTime(),
    lastAcquireTimeMs: row.last_acquire_time.getTime(),
    timeMs: row.sale_time.getTime(),
    quantityMicros: row.quantity_micros,
    proceedsMicros: row.proceeds_micros,
    costMicros: row.cost_micros,
    gainMicros: row.gain_micros,
  }));
}

type Row = {
  symbol: string;
  sequence: bigint;
  piece: number;
  trade_id: string;
  lot_id: bigint;
  acquire_time: Date;
  last_acquire_time: Date;
  sale_time: Date;
  quantity_micros: bigint;
  proceeds_micros: bigint;
  cost_micros: bigint;
  gain_micros: bigint;
};
