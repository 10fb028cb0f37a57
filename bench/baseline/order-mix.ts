/**
 * The fixed mix of commands. Of 100: 55 limit orders that rest within 50 ticks of the price, 30 that cross the spread (limit, immediate
 * or cancel, up to 100 ticks through it), 15 cancels of a resting order. Crossing orders take about as many lots as resting ones add,
 * so that the depth of the books, and with it the cost of a command, stays the same. Prices lie around a fixed 100.00.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Random } from '../load/random.ts';

/** One command of a trader, by number. */
export type Command =
  | { kind: 'place'; trader: number; crosses: boolean; body: Buffer }
  | { kind: 'cancel'; trader: number };

/** An endless sequence of commands, the same for the same seed. */
export type OrderMix = {
  next(): Command;
  /** An order that rests. */
  nextResting(trader?: number): Command & { kind: 'place' };
};

const restingOf100 = 55;
const crossingOf100 = 30;
const midCents = 10_000;
const restingTicksMax = 50;
const throughTicks = 100;
const restingLotsMax = 10;
const crossingLotsMax = 15;

/** A mix over traders by number and symbols; `keyPrefix` makes the keys of this mix its own, 1 to 20 characters. */
export function createOrderMix(options: {
  random: Random;
  traders: number;
  symbols: readonly string[];
  keyPrefix: string;
}): OrderMix {
  const { random, traders, symbols, keyPrefix } = options;
  const encodeTerms = createTermsCache();
  let placed = 0;
  const place = (trader: number, crosses: boolean): Command & { kind: 'place' } => {
    const symbol = symbols[random.below(symbols.length)] as string;
    const isBuy = random.below(2) === 0;
    const lots = 1 + random.below(crosses ? crossingLotsMax : restingLotsMax);
    const ticks = crosses ? throughTicks : -1 - random.below(restingTicksMax);
    const terms = encodeTerms({ symbol, isBuy, lots, crosses, priceCents: midCents + (isBuy ? ticks : -ticks) });
    const key = Buffer.from(`${keyPrefix}-${(placed++).toString().padStart(9, '0')}`);
    // PlaceOrderRequest.client_order_id is field 1, a text; the terms are encoded with their own head.
    return { kind: 'place', trader, crosses, body: Buffer.concat([Buffer.from([0x0a, key.length]), key, terms]) };
  };
  return {
    nextResting: (trader = random.below(traders)) => place(trader, false),
    next() {
      const trader = random.below(traders);
      const share = random.below(100);
      if (share < restingOf100) return place(trader, false);
      return share < restingOf100 + crossingOf100 ? place(trader, true) : { kind: 'cancel', trader };
    },
  };
}

type MixTerms = { symbol: string; isBuy: boolean; lots: number; priceCents: number; crosses: boolean };

// There are some thousand different terms; each is encoded once.
function createTermsCache(): (terms: MixTerms) => Buffer {
  const cache = new Map<string, Buffer>();
  return (terms) => {
    const name = `${terms.symbol} ${terms.isBuy} ${terms.lots} ${terms.priceCents} ${terms.crosses}`;
    let encoded = cache.get(name);
    if (encoded === undefined) {
      encoded = encodeTermsField(terms);
      cache.set(name, encoded);
    }
    return encoded;
  };
}

// PlaceOrderRequest.terms: field 2, a message of less than 128 bytes.
function encodeTermsField({ symbol, isBuy, lots, priceCents, crosses }: MixTerms): Buffer {
  const terms = create(OrderTermsSchema, {
    symbol,
    side: isBuy ? Side.BUY : Side.SELL,
    type: OrderType.LIMIT,
    timeInForce: crosses ? TimeInForce.IOC : TimeInForce.GTC,
    size: { case: 'quantity', value: String(lots) },
    limitPrice: `${Math.floor(priceCents / 100)}.${String(priceCents % 100).padStart(2, '0')}`,
  });
  const bytes = toBinary(OrderTermsSchema, terms);
  return Buffer.concat([Buffer.from([0x12, bytes.length]), bytes]);
}
