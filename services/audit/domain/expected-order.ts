/** What the ledger's hold and the order service's row of an order must be, by the feed and the order's stored terms. */
import { exitsCostMicros, type PricedLeg } from '#platform/money/exits-cost.ts';
import { greater, greatestOf, lesser } from '#platform/money/extremes.ts';
import { cumulativeFeeMicros, type FeeTerms, greatestFeeMicros, valueForAmount } from '#platform/money/fees.ts';
import { cashAsset } from './asset.ts';
import type { OrderShadow, ShadowTrade, TradedTicks } from './order-shadow.ts';
import { type ExpectedValues, numberOf, type StoredRow, textOf } from './row.ts';

/** The terms that the feed does not know; frozen when the order was placed. */
export type FrozenTerms = FeeTerms & {
  lotMicros: bigint;
  /** Cash in micros that an order by amount may take, fee included; 0: it was ordered by lots. */
  amountMicros: bigint;
};

/** The frozen terms in a row of holds or orders. */
export function termsOf(row: StoredRow): FrozenTerms {
  return {
    tickLotMicros: numberOf(row, 'tick_lot_micros'),
    lotMicros: numberOf(row, 'lot_micros'),
    makerBps: Number(textOf(row, 'maker_bps')),
    takerBps: Number(textOf(row, 'taker_bps')),
    amountMicros: numberOf(row, 'amount_max_micros'),
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

/** A change of an order that its hold pays for until the exchange has carried it out or refused it. */
export type PendingChange = { lots: bigint; priceTicks: bigint };

/** The change in a row of holds; undefined: none is on its way. */
export function pendingChangeOf(row: StoredRow): PendingChange | undefined {
  if (textOf(row, 'amend_state') !== 'pending') return undefined;
  return { lots: numberOf(row, 'amend_lots'), priceTicks: numberOf(row, 'amend_price_ticks') };
}

/** What a hold pays for besides its order: a change of that, and the open orders of its list. */
export type Besides = { change?: PendingChange | undefined; legs?: readonly OrderShadow[] };

/** What an open order holds by itself, in the smallest unit of its asset. */
function heldAlone(order: OrderShadow, terms: FrozenTerms, change: PendingChange | undefined): bigint {
  const restLots = order.lots - order.filledLots;
  const nextLots = change === undefined ? 0n : greater(0n, change.lots - order.filledLots);
  if (order.side === 'sell') return greater(restLots, nextLots) * terms.lotMicros;
  const values = valuesOf(order.traded, terms);
  if (terms.amountMicros > 0n) {
    const { makerValueMicros, takerValueMicros } = values;
    return terms.amountMicros - makerValueMicros - takerValueMicros - cumulativeFeeMicros(terms, 'buy', values);
  }
  const restMicros = worstTicks(order, change) * terms.tickLotMicros;
  return restMicros + greatestFeeMicros(terms, 'buy', values, restMicros) - cumulativeFeeMicros(terms, 'buy', values);
}

/**
 * Lots times ticks of what is left at worst: with `early` of the new lots traded before the change at the old price. That grows or falls with
 * `early` all the way, so that it is greatest at one of both ends; or the change never comes.
 */
function worstTicks({ lots, filledLots, priceTicks }: OrderShadow, change: PendingChange | undefined): bigint {
  const restLots = lots - filledLots;
  const unchanged = restLots * priceTicks;
  if (change === undefined) return unchanged;
  const nextLots = greater(0n, change.lots - filledLots);
  const changed = (early: bigint) => early * priceTicks + (nextLots - early) * change.priceTicks;
  return greater(unchanged, greater(changed(0n), changed(lesser(nextLots, restLots))));
}

/** Lots times ticks that an order by amount may trade; 0 for one by lots. */
export function valueMaxOf(terms: FrozenTerms): bigint {
  return terms.amountMicros > 0n ? valueForAmount(terms, terms.amountMicros) : 0n;
}

/**
 * What an open order holds, in the smallest unit of its asset. The exits of a list hold together, with the first of them that is open, what they can
 * cost at most.
 */
export function heldAmount(order: OrderShadow, terms: FrozenTerms, { change, legs = [] }: Besides = {}): bigint {
  if (order.leg === undefined || order.leg.role === 0) return heldAlone(order, terms, change);
  const exits = legs.filter(({ leg }) => leg && leg.role > 0);
  if (exits[0]?.orderId !== order.orderId) return 0n;
  const priced = exits.map((exit) => toPricedLeg(exit, terms));
  if (order.side === 'sell') {
    return greatestOf(priced.map(({ openLots }) => openLots)) * terms.lotMicros;
  }
  const entry = legs.find(({ leg }) => leg?.role === 0);
  return exitsCostMicros(entry && toPricedLeg(entry, terms), priced);
}

/** An order as it counts for the exits of its list while a change of it is on its way: with the worse of both prices, an entry with the more lots. */
export function atWorst(order: OrderShadow, change: PendingChange | undefined): OrderShadow {
  if (change === undefined) return order;
  const priceTicks = (order.side === 'buy' ? greater : lesser)(order.priceTicks, change.priceTicks);
  return { ...order, priceTicks, lots: order.leg?.role === 0 ? greater(order.lots, change.lots) : order.lots };
}

function toPricedLeg(order: OrderShadow, terms: FrozenTerms): PricedLeg {
  const { lots, filledLots, priceTicks, traded, leg } = order;
  const openLots = lots - filledLots + (leg ? leg.comingLots - leg.reducedLots : 0n);
  return { ...terms, ...valuesOf(traded, terms), priceTicks, openLots };
}

/** The asset that an order holds. */
export function heldAsset({ side, symbol }: Pick<OrderShadow, 'side' | 'symbol'>): string {
  return side === 'buy' ? cashAsset : symbol;
}

/** The hold of an order that was accepted, with what it pays for besides. */
export function expectedHold(order: OrderShadow, terms: FrozenTerms, besides: Besides = {}): ExpectedValues {
  const isOpen = order.state === 'open';
  const values = valuesOf(order.traded, terms);
  return {
    state: isOpen ? 'open' : 'settled',
    account_id: order.accountId,
    symbol: order.symbol,
    side: order.side,
    lots: order.lots - (order.leg?.reducedLots ?? 0n),
    price_ticks: order.priceTicks,
    filled_lots: order.filledLots,
    maker_value_micros: values.makerValueMicros,
    taker_value_micros: values.takerValueMicros,
    amount: isOpen ? heldAmount(order, terms, besides) : 0n,
    ...(isOpen || besides.change === undefined ? {} : { amend_state: 'ended' }),
    ...(order.leg && {
      list_id: order.leg.listId,
      list_role: BigInt(order.leg.role),
      coming_lots: order.leg.comingLots,
    }),
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
    list_id: order.leg?.listId ?? '',
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
  'amount_max_micros',
  'list_id',
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
