/**
 * A fixed mix of commands; that of the bench `baseline` is, of 100: 55 limit orders that rest within 50 ticks of the price, 30 that cross
 * the spread (limit, immediate or cancel, up to 100 ticks through it), 15 cancels of a resting order. Crossing orders take about as many
 * lots as resting ones add, so that the depth of the books, and with it the cost of a command, stays the same. Prices lie around a fixed
 * 100.00. A mix may also have orders that are refused: buys of more than any account has cash for.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Random } from '../load/random.ts';
import { bracketRequest, decimal } from './bracket-request.ts';

/** One command of a trader, by number. */
export type Command =
  | { kind: 'place'; trader: number; crosses: boolean; isRefused: boolean; body: Buffer }
  /** A bracket. */
  | { kind: 'list'; trader: number; body: Buffer }
  | { kind: 'cancel'; trader: number };

/** An endless sequence of commands, the same for the same seed. */
export type OrderMix = {
  next(): Command;
  /** An order that rests. */
  nextResting(trader?: number): Command & { kind: 'place' };
};

/** Parts of a mix; resting orders are what is left of 100 commands. */
export type MixShares = {
  crossingOf100: number;
  cancelsOf100: number;
  refusedOf100: number;
  /** Brackets, whose entry crosses the spread as often as the other orders do; default 0. */
  bracketsOf100?: number;
  /** Greatest size of a crossing order. */
  crossingLotsMax: number;
  /** Distance of resting orders from the price, in ticks: from this many on. */
  restingTicksMin?: number;
  /** How far beyond the price crossing orders go, in ticks. */
  throughTicks?: number;
};

const baselineShares: MixShares = { crossingOf100: 30, cancelsOf100: 15, refusedOf100: 0, crossingLotsMax: 15 };
const midCents = 10_000;
const restingTicksRange = 50;
const restingLotsMax = 10;
// 500,000,000.00 at the price: more than an account of a bench has.
const refusedLots = 5_000_000;
const crossingOfBrackets = 40;
// Beyond all prices at which the mixes trade: exits rest, and their stops wait.
const exitsAwayCents = 300;

/** What a mix is made of. */
export type OrderMixOptions = {
  random: Random;
  traders: number;
  symbols: readonly string[];
  /** Makes the keys of this mix its own, 1 to 20 characters. */
  keyPrefix: string;
  /** Default: those of `baseline`. */
  shares?: MixShares;
  /** Symbols that a trader has shares of; default all. */
  symbolsOf?: (trader: number) => readonly string[];
};

type PlaceKind = 'rests' | 'crosses' | 'refused';

/** A mix over traders by number and symbols. */
export function createOrderMix(options: OrderMixOptions): OrderMix {
  const { random, traders, keyPrefix, shares = baselineShares, symbolsOf = () => options.symbols } = options;
  const { crossingOf100, cancelsOf100, refusedOf100, bracketsOf100 = 0 } = shares;
  const encodeTerms = createTermsCache();
  let placed = 0;
  const place = (trader: number, kind: PlaceKind): Command & { kind: 'place' } => {
    const symbols = symbolsOf(trader);
    const symbol = symbols[random.below(symbols.length)] as string;
    const terms = encodeTerms(drawTerms(kind, symbol, shares, random));
    const key = Buffer.from(`${keyPrefix}-${(placed++).toString().padStart(9, '0')}`);
    // PlaceOrderRequest.client_order_id is field 1, a text; the terms are encoded with their own head.
    const body = Buffer.concat([Buffer.from([0x0a, key.length]), key, terms]);
    return { kind: 'place', trader, crosses: kind === 'crosses', isRefused: kind === 'refused', body };
  };
  const placeList = (trader: number): Command => {
    const symbols = symbolsOf(trader);
    const symbol = symbols[random.below(symbols.length)] as string;
    const terms = drawTerms(random.below(100) < crossingOfBrackets ? 'crosses' : 'rests', symbol, shares, random);
    const key = `${keyPrefix}-${(placed++).toString().padStart(9, '0')}`;
    return { kind: 'list', trader, body: bracketRequest(key, { ...terms, awayCents: exitsAwayCents }) };
  };
  return {
    nextResting: (trader = random.below(traders)) => place(trader, 'rests'),
    next() {
      const trader = random.below(traders);
      if (bracketsOf100 > 0 && random.below(100) < bracketsOf100) return placeList(trader);
      const share = random.below(100);
      if (share < crossingOf100) return place(trader, 'crosses');
      if (share < crossingOf100 + refusedOf100) return place(trader, 'refused');
      return share < crossingOf100 + refusedOf100 + cancelsOf100 ? { kind: 'cancel', trader } : place(trader, 'rests');
    },
  };
}

function drawTerms(kind: PlaceKind, symbol: string, shares: MixShares, random: Random): MixTerms {
  const { crossingLotsMax, restingTicksMin = 1, throughTicks = 100 } = shares;
  const isBuy = kind === 'refused' || random.below(2) === 0;
  const crosses = kind === 'crosses';
  const ticks = crosses ? throughTicks : -restingTicksMin - random.below(restingTicksRange);
  const lots = kind === 'refused' ? refusedLots : 1 + random.below(crosses ? crossingLotsMax : restingLotsMax);
  return { symbol, isBuy, lots, crosses, priceCents: midCents + (isBuy ? ticks : -ticks) };
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
    limitPrice: decimal(priceCents),
  });
  const bytes = toBinary(OrderTermsSchema, terms);
  return Buffer.concat([Buffer.from([0x12, bytes.length]), bytes]);
}
