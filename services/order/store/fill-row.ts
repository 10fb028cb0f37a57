import type { StoredFill } from '../domain/fill.ts';
import type { Side } from '../domain/order.ts';

/** A row of table fills. */
export type FillRow = {
  trade_id: string;
  order_id: string;
  account_id: string;
  change_sequence: bigint;
  symbol: string;
  side: Side;
  lots: bigint;
  price_ticks: bigint;
  tick_micros: bigint;
  lot_micros: bigint;
  value_micros: bigint;
  fee_micros: bigint;
  maker: boolean;
  feed_sequence: bigint;
  trade_time: Date;
};

/** The fill of a row. */
export function fromFillRow(row: FillRow): StoredFill {
  return {
    tradeId: row.trade_id,
    orderId: row.order_id,
    accountId: row.account_id,
    changeSequence: row.change_sequence,
    symbol: row.symbol,
    side: row.side,
    lots: row.lots,
    priceTicks: row.price_ticks,
    tickMicros: row.tick_micros,
    lotMicros: row.lot_micros,
    valueMicros: row.value_micros,
    feeMicros: row.fee_micros,
    maker: row.maker,
    feedSequence: row.feed_sequence,
    tradeTimeMs: row.trade_time.getTime(),
  };
}
