import type { PlacedFill } from '../domain/change-set.ts';
import type { FrozenTerms, Side } from '../domain/order.ts';

/** One fill as it is kept: complete in itself, so that it can be told without its order. */
export type Fill = Pick<FrozenTerms, 'tickMicros' | 'lotMicros'> & {
  tradeId: string;
  orderId: string;
  accountId: string;
  changeSequence: bigint;
  symbol: string;
  side: Side;
  lots: bigint;
  priceTicks: bigint;
  feeCents: bigint;
  maker: boolean;
  tradeTimeMs: number;
};

/** A row of table fills, as far as it is read. */
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
  fee_cents: bigint;
  maker: boolean;
  trade_time: Date;
};

/** The fill of a row. */
export function fromFillRow(row: FillRow): Fill {
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
    feeCents: row.fee_cents,
    maker: row.maker,
    tradeTimeMs: row.trade_time.getTime(),
  };
}

/** The row of a fill that was just placed. */
export function toFillRow({ order, ...fill }: PlacedFill): FillRow & { value_cents: bigint; feed_sequence: bigint } {
  return {
    trade_id: fill.tradeId,
    order_id: order.orderId,
    account_id: order.accountId,
    change_sequence: fill.changeSequence,
    symbol: order.symbol,
    side: order.side,
    lots: fill.lots,
    price_ticks: fill.priceTicks,
    tick_micros: order.tickMicros,
    lot_micros: order.lotMicros,
    value_cents: fill.valueCents,
    fee_cents: fill.feeCents,
    maker: fill.maker,
    feed_sequence: fill.feedSequence,
    trade_time: new Date(fill.timeMs),
  };
}
