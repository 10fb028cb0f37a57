/** The open orders of a house account, from its own order stream. */
import { type Order, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { PRICE_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { HouseInstrument } from '../domain/instrument.ts';
import type { RestingQuote } from '../domain/quotes.ts';

/** The open orders of one account. */
export type OrderBookKeeper = {
  /** Applies an order of the stream or of an answer; an older version than the known one changes nothing. */
  take(order: Order): void;
  /** Replaces all orders by these. */
  reset(orders: Order[]): void;
  resting(symbol: string): RestingQuote[];
};

const finalsMax = 2_000;

/** An empty keeper for these instruments. */
export function createOrderBookKeeper(instruments: Map<string, HouseInstrument>): OrderBookKeeper {
  const open = new Map<string, { version: bigint; symbol: string; quote: RestingQuote }>();
  // An answer may arrive after the final state came by stream; without this the order would be open again.
  const finals = new Set<string>();

  const take = (order: Order) => {
    const instrument = instruments.get(order.symbol);
    const known = open.get(order.orderId);
    if (instrument === undefined || finals.has(order.orderId) || (known?.version ?? -1n) > order.version) return;
    if (isFinal(order.status)) {
      open.delete(order.orderId);
      finals.add(order.orderId);
      const oldest = finals.values().next();
      if (finals.size > finalsMax && !oldest.done) finals.delete(oldest.value);
      return;
    }
    open.set(order.orderId, { version: order.version, symbol: order.symbol, quote: restingQuote(order, instrument) });
  };
  return {
    take,
    reset(orders) {
      open.clear();
      for (const order of orders) take(order);
    },
    resting: (symbol) => [...open.values()].filter((entry) => entry.symbol === symbol).map(({ quote }) => quote),
  };
}

function isFinal(status: OrderStatus): boolean {
  return status === OrderStatus.FILLED || status === OrderStatus.CANCELLED || status === OrderStatus.REJECTED;
}

function restingQuote(order: Order, instrument: HouseInstrument): RestingQuote {
  const left = parseDecimal(order.quantity, QUANTITY_SCALE) - parseDecimal(order.filledQuantity || '0', QUANTITY_SCALE);
  return {
    orderId: order.orderId,
    side: order.side === Side.BUY ? 'buy' : 'sell',
    priceTicks: Number(parseDecimal(order.limitPrice, PRICE_SCALE) / instrument.tickMicros),
    lots: Number(left / instrument.lotMicros),
  };
}
