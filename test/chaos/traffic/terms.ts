/** Terms of orders of every kind around a price of 100.00, as JSON of the contract. */
import type { Random } from '../../../bench/load/index.ts';

/** OrderTerms as JSON. */
export type TermsJson = Record<string, unknown>;

/** Which way, on which book. */
export type Side = { symbol: string; isBuy: boolean };

/** What the terms of a run are drawn from. */
export type TermsSource = {
  random: Random;
  /** Milliseconds since 1970 of the market's clock; orders good till a time expire some seconds after that. */
  nowMs: () => number;
};

/** The price around which everything trades, in cents. */
export const midCents = 10_000;
/** Name of the session that each user may have. */
export const sessionName = 'live';

const restingTicks = 50;
const restingLotsMax = 10;
const crossingLotsMax = 15;
const throughTicks = 100;
const amountCentsMax = 200_000;
const expiresAfterMs = { min: 1_000, range: 14_000 };
const selfTradeModes = ['CANCEL_NEWEST', 'CANCEL_OLDEST', 'CANCEL_BOTH', 'DECREMENT'];

/** A limit order that most often rests. */
export function restingTerms({ random }: TermsSource, side: Side): TermsJson {
  return {
    ...limit(side, priceBehind(random, side, restingTicks)),
    quantity: String(1 + random.below(restingLotsMax)),
    ...(random.below(10) === 0 ? { postOnly: true } : {}),
  };
}

/** One in six at the market, one in six buys for an amount, the others at a limit beyond the spread: to rest, immediate, or all or none. */
export function crossingTerms({ random }: TermsSource, side: Side): TermsJson {
  const { symbol } = side;
  const quantity = String(1 + random.below(crossingLotsMax));
  switch (random.below(6)) {
    case 0:
      return { symbol, side: sideName(side), type: 'ORDER_TYPE_MARKET', quantity };
    case 1:
      return {
        ...{ symbol, side: 'SIDE_BUY', type: 'ORDER_TYPE_MARKET' },
        amount: decimal(15_000 + random.below(amountCentsMax)),
      };
    default: {
      const timeInForce = ['GTC', 'IOC', 'FOK'][random.below(3)];
      return { ...limit(side, beyond(side, midCents, throughTicks)), quantity, timeInForce: force(timeInForce) };
    }
  }
}

type Kind = (source: TermsSource, side: Side) => TermsJson;

/** The kinds that are neither plain limit nor market orders, each as likely as the other. */
const kinds: readonly Kind[] = [stop, stopLimit, trailingStop, iceberg, minimum, sliding, lasting, lasting];

/** An order of one of the other kinds, now and then with a mode of self-trade prevention or in the user's session. */
export function kindTerms(source: TermsSource, side: Side): TermsJson {
  const { random } = source;
  const kind = kinds[random.below(kinds.length)] as Kind;
  return {
    ...kind(source, side),
    ...withSelfTrade(random),
    ...(random.below(8) === 0 ? { sessionId: sessionName } : {}),
  };
}

/** A stop beyond the price of the moment; one in three states its worst price. */
export function stop(source: TermsSource, side: Side): TermsJson {
  const { random } = source;
  const stopCents = beyond(side, midCents, 1 + random.below(restingTicks));
  const worst = random.below(3) === 0 ? { limitPrice: decimal(beyond(side, stopCents, throughTicks)) } : {};
  return {
    ...base(side, 'STOP', 1 + random.below(restingLotsMax)),
    ...{ stopPrice: decimal(stopCents), ...worst, ...lastingForce(source) },
  };
}

/** A stop with a limit near to it. */
export function stopLimit(source: TermsSource, side: Side): TermsJson {
  const { random } = source;
  const stopCents = beyond(side, midCents, 1 + random.below(restingTicks));
  const immediate = random.below(4) === 0 ? { timeInForce: force(random.below(2) === 0 ? 'IOC' : 'FOK') } : undefined;
  return {
    ...base(side, 'STOP_LIMIT', 1 + random.below(restingLotsMax)),
    ...{ stopPrice: decimal(stopCents), limitPrice: decimal(beyond(side, stopCents, random.below(20))) },
    ...(immediate ?? lastingForce(source)),
  };
}

/** A stop that follows the market. */
export function trailingStop(source: TermsSource, side: Side): TermsJson {
  const { random } = source;
  const trail = decimal(5 + random.below(restingTicks));
  return {
    ...base(side, 'TRAILING_STOP', 1 + random.below(restingLotsMax)),
    ...(random.below(2) === 0 ? { trailAmount: trail } : { trailPercent: trail }),
    ...lastingForce(source),
  };
}

/** A time in force for an order that rests or waits: GTC, DAY, or till a time that comes soon. */
export function lastingForce({ random, nowMs }: TermsSource): TermsJson {
  switch (random.below(6)) {
    case 0:
      return { timeInForce: force('DAY') };
    case 1:
      return {
        timeInForce: force('GTD'),
        expireTime: new Date(nowMs() + expiresAfterMs.min + random.below(expiresAfterMs.range)).toISOString(),
      };
    default:
      return {};
  }
}

function iceberg(source: TermsSource, side: Side): TermsJson {
  const { random } = source;
  const quantity = 5 + random.below(40);
  return {
    ...base(side, 'ICEBERG', quantity),
    ...{ limitPrice: decimal(priceBehind(random, side, restingTicks)), displayQuantity: String(1 + random.below(5)) },
    ...lastingForce(source),
  };
}

/** At a limit beyond the spread, if some of it trades at once. */
function minimum({ random }: TermsSource, side: Side): TermsJson {
  const quantity = 2 + random.below(crossingLotsMax);
  return {
    ...base(side, 'LIMIT', quantity),
    ...{
      limitPrice: decimal(beyond(side, midCents, throughTicks)),
      minimumQuantity: String(1 + random.below(quantity)),
    },
    ...(random.below(2) === 0 ? { timeInForce: force('IOC') } : {}),
  };
}

/** Post-only at a price that would trade, and takes a better one. */
function sliding(source: TermsSource, side: Side): TermsJson {
  const { random } = source;
  return {
    ...base(side, 'LIMIT', 1 + random.below(restingLotsMax)),
    ...{ limitPrice: decimal(beyond(side, midCents, random.below(restingTicks))), postOnly: true, slide: true },
    ...lastingForce(source),
  };
}

function lasting(source: TermsSource, side: Side): TermsJson {
  return { ...restingTerms(source, side), ...lastingForce(source) };
}

/** Now and then another mode than the usual one. */
export function withSelfTrade(random: Random): TermsJson {
  if (random.below(4) > 0) return {};
  return { selfTradePrevention: `SELF_TRADE_PREVENTION_${selfTradeModes[random.below(selfTradeModes.length)]}` };
}

/** The terms that all orders by quantity have. */
export function base(side: Side, type: string, quantity: number): TermsJson {
  return { symbol: side.symbol, side: sideName(side), type: `ORDER_TYPE_${type}`, quantity: String(quantity) };
}

/** A price so many cents on the other side of `cents`: higher for a buy, lower for a sell. */
export function beyond({ isBuy }: Side, cents: number, distance: number): number {
  return cents + (isBuy ? distance : -distance);
}

/** A price at which an order of this side rests: up to `distanceMax` cents below the middle for a buy, above it for a sell. */
export function priceBehind(random: Random, side: Side, distanceMax: number): number {
  return beyond(side, midCents, -1 - random.below(distanceMax));
}

/** A time in force by its short name. */
export function force(name: string | undefined): string {
  return `TIME_IN_FORCE_${name}`;
}

/** Cents as a decimal. */
export function decimal(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

/** A side by its name in the contract. */
export function sideName({ isBuy }: Side): string {
  return isBuy ? 'SIDE_BUY' : 'SIDE_SELL';
}

function limit(side: Side, priceCents: number): TermsJson {
  return { symbol: side.symbol, side: sideName(side), type: 'ORDER_TYPE_LIMIT', limitPrice: decimal(priceCents) };
}
