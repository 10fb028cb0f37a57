/** What the ledger's hold and the order service's row of an order must be, by the feed and the order's stored terms. */
import { cumulativeFeeMicros, type FeeTerms, greatestFeeMicros } from '#platform/money/fees.ts';
import { cashAsset } from './asset.ts';
import type { OrderShadow, ShadowTrade, TradedTicks } from './order-shadow.ts';
import { type ExpectedValues, numberOf, type StoredRow, textOf } from './row.ts';

/** The terms that the feed does not know; frozen when the order was placed. */
export type FrozenTerms = FeeTerms & { lotMicros: bigint };

/** The frozen terms in a row of holds or orders. */
export function termsOf(row: StoredRow): FrozenTerms {
  return {
    tickLotMicros: numberOf(row, 'tick_lot_micros'),
    lotMicros: numberOf(row, 'lot_micros'),
    makerBps: Number(textOf(row, 'maker_bps')),
    takerBps: Number(textOf(row, 'taker_bps')),
  };
}

/** The values of trades in micros. */
function valuesOf(traded: TradedTicks, { tickLotMicros }: FrozenTerms) {
  return { makerValueMicros: traded.maker * tickLotMicros, takerValueMicros: traded.taker * tickLotMicros };
}

/** The fee of an order so far, in micros. */
export function feeMicros(side: 'buy' | 'sell', traded: TradedTicks, terms: FrozenTerms): bigint {
  return cumulativeFeeMicros(terms, side, valuesOf(traded, terms));
}

/** The fee of one side of a trade, in micros. */
export function feeOfTrade(trade: ShadowTrade, role: 'maker' | 'taker', terms: FrozenTerms): bigint {
  const { side } = trade.event[role];
  return feeMicros(side, trade[role].after, terms) - feeMicros(side, trade[role].before, terms);
}

/** What an open order holds, in the smallest unit of its asset. */
export function heldAmount(order: OrderShadow, terms: FrozenTerms): bigint {
  const restLots = order.lots - order.filledLots;
  if (order.side === 'sell') return restLots * terms.lotMicros;
  const values = valuesOf(order.traded, terms);
  const restMicros = restLots * order.priceTicks * terms.tickLotMicros;
  return restMicros + greatestFeeMicros(terms, 'buy', values, restMicros) - cumulativeFeeMicros(terms, 'buy', values);
}

/** The asset that an order holds. */
export function heldAsset({ side, symbol }: Pick<OrderShadow, 'side' | 'symbol'>): string {
  return side === 'buy' ? cashAsset : symbol;
}

/** The hold of an order that was accepted. */
export function expectedHold(order: OrderShadow, terms: FrozenTerms): ExpectedValues {
  const isOpen = order.state === 'open';
  const values = valuesOf(order.traded, terms);
  return {
    state: isOpen ? 'open' : 'settled',
    account_id: order.accountId,
    symbol: order.symbol,
    side: order.side,
    lots: order.lots,
    price_ticks: order.priceTicks,
    filled_lots: order.filledLots,
    maker_value_micros: values.makerValueMicros,
    taker_value_micros: values.takerValueMicros,
    amount: isOpen ? heldAmount(order, terms) : 0n,
  };
}

/** The order service's row of an order that was accepted. */
export function expectedOrder(order: OrderShadow, terms: FrozenTerms): ExpectedValues {
  const values = valuesOf(order.traded, terms);
  return {
    state: order.state,
    account_id: order.accountId,
    symbol: order.symbol,
    side: order.side,
    shard: BigInt(order.shard),
    quantity_lots: order.lots,
    price_ticks: order.priceTicks,
    filled_lots: order.filledLots,
    maker_value_micros: values.makerValueMicros,
    taker_value_micros: values.takerValueMicros,
    fee_micros: feeMicros(order.side, order.traded, terms),
    accepted_position: order.acceptedAt,
    final_position: order.endedAt === 0n ? '' : order.endedAt,
  };
}

/** What the hold and the order's row must have alike, from the first to the last. */
export const frozenColumns = [
  'account_id',
  'symbol',
  'side',
  'tick_lot_micros',
  'lot_micros',
  'maker_bps',
  'taker_bps',
] as const;

/** A row of fills for one side of a trade. */
export function expectedFill(trade: ShadowTrade, role: 'maker' | 'taker', terms: FrozenTerms): ExpectedValues {
  const { event } = trade;
  const { accountId, side } = event[role];
  return {
    account_id: accountId,
    symbol: event.symbol,
    side,
    lots: event.lots,
    price_ticks: event.priceTicks,
    lot_micros: terms.lotMicros,
    value_micros: event.lots * event.priceTicks * terms.tickLotMicros,
    fee_micros: feeOfTrade(trade, role, terms),
    maker: String(role === 'maker'),
    feed_sequence: event.sequence,
  };
}
