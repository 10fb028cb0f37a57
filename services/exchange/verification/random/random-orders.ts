/** Terms of random orders: well-formed, near the prices that trade, of every type and time in force. */
import { OrderType, quantityMax, SelfTrade, Side, TimeInForce, TradingState } from '../../engine/model/codes.ts';
import { plainTerms, type SubmitCommand } from '../../engine/model/commands.ts';
import type { ModelBook } from './random-model.ts';
import type { RandomSource } from './random-source.ts';

/** The profile of a random run. */
export type RandomProfile = {
  /** Greatest distance of prices from the centre, in ticks. */
  span: number;
  accounts: readonly string[];
  /** Percentage of orders with a self-trade group that accounts share. */
  groupPercent: number;
  /** Percentage of orders with a session. */
  sessionPercent: number;
  /** Weights of the order types. */
  types: readonly (readonly [number, OrderType])[];
  quantityMax: number;
};

/** An order id and the time inside it. */
export type OrderName = { orderId: string; idTimeMs: number };

/** An order of any type. */
export function randomOrder(
  random: RandomSource,
  profile: RandomProfile,
  book: ModelBook,
  name: OrderName,
  nowMs: number,
): SubmitCommand {
  const base = randomBase(random, profile, book, name);
  const type = random.weighted(profile.types);
  return { ...base, ...termsOfType(random, profile, book, base, type, nowMs) };
}

/** The fields of every order: account, side, quantity, group and session. */
export function randomBase(
  random: RandomSource,
  profile: RandomProfile,
  book: ModelBook,
  { orderId, idTimeMs }: OrderName,
): SubmitCommand {
  const account = random.below(profile.accounts.length);
  const session = random.percent(profile.sessionPercent) ? `s${random.percent(85) ? account : random.below(5)}` : '';
  return {
    kind: 'submit',
    ...plainTerms,
    orderId,
    idTimeMs,
    accountId: profile.accounts[account] as string,
    symbol: book.symbol,
    side: random.pick([Side.BUY, Side.SELL]),
    timeInForce: TimeInForce.GTC,
    priceTicks: 1,
    quantityLots: random.percent(0.3) ? quantityMax : random.between(1, profile.quantityMax),
    postOnly: false,
    selfTradeGroup: random.percent(profile.groupPercent) ? random.pick(['g', 'h']) : '',
    selfTrade: random.pick(Object.values(SelfTrade)),
    sessionId: session,
  };
}

/** The terms of an order type, for an order with the given base. */
export function termsOfType(
  random: RandomSource,
  profile: RandomProfile,
  book: ModelBook,
  { side, quantityLots }: SubmitCommand,
  type: OrderType,
  nowMs: number,
): Partial<SubmitCommand> {
  const limit = randomLimit(random, profile, book, side);
  const waits = waitingTimeInForce(random, nowMs);
  switch (type) {
    case OrderType.STOP:
    case OrderType.STOP_LIMIT: {
      const stopPriceTicks = randomStopPrice(random, profile, book, side);
      const atOnce = type === OrderType.STOP_LIMIT && random.percent(20);
      const timeInForce = atOnce ? random.pick([TimeInForce.IOC, TimeInForce.FOK]) : waits.timeInForce;
      const away = random.between(-1, profile.span);
      const priceTicks = inRange(side === Side.BUY ? stopPriceTicks + away : stopPriceTicks - away);
      return { type, ...(atOnce ? { timeInForce } : waits), stopPriceTicks, priceTicks };
    }
    case OrderType.TRAILING_STOP: {
      const trail = randomTrail(random, profile);
      const worst = side === Side.BUY ? book.centre + 2 * profile.span : book.centre - 2 * profile.span;
      return { type, ...waits, ...trail, priceTicks: random.percent(80) ? inRange(worst) : limit };
    }
    case OrderType.ICEBERG: {
      // A thousand slices are allowed, but rarely worth their time.
      const least = Math.ceil(quantityLots / (random.percent(5) ? 1_000 : 12));
      const displayLots = random.between(least, Math.max(least, Math.min(quantityLots, 4)));
      const postOnly = random.percent(8);
      const times = random.percent(10) ? atAnAuction(random, book) : waits;
      const terms = { type, displayLots, priceTicks: limit, postOnly: postOnly && times === waits };
      return { ...terms, ...times, slide: terms.postOnly && random.percent(60) };
    }
    default: {
      const terms = limitTerms(random, book, quantityLots, nowMs);
      const isFar = terms.withinBand && random.percent(70);
      return { priceTicks: isFar ? protectionPrice(random, profile, book, side) : limit, ...terms };
    }
  }
}

// Around the edges of a band, on either side of the market.
function protectionPrice(random: RandomSource, { span }: RandomProfile, { centre }: ModelBook, side: Side): number {
  const away = random.between(random.percent(20) ? -2 * span : 0, 3 * span);
  return inRange(side === Side.BUY ? centre + away : centre - away);
}

/** GTC, DAY or GTD. */
export function waitingTimeInForce(
  random: RandomSource,
  nowMs: number,
): { timeInForce: TimeInForce; expireTimeMs?: number } {
  const timeInForce = random.weighted([
    [70, TimeInForce.GTC],
    [15, TimeInForce.DAY],
    [15, TimeInForce.GTD],
  ]);
  return timeInForce === TimeInForce.GTD ? { timeInForce, expireTimeMs: randomEnd(random, nowMs) } : { timeInForce };
}

/** A trail in ticks or in basis points. */
export function randomTrail(random: RandomSource, { span }: RandomProfile): { trailTicks: number; trailBps: number } {
  const inTicks = random.percent(60);
  return inTicks
    ? { trailTicks: random.between(1, span), trailBps: 0 }
    : { trailTicks: 0, trailBps: random.between(1, 400) };
}

/** When a GTD order ends: full tenths of a second, so that some expire at the same time; a few are expired already. */
export function randomEnd(random: RandomSource, nowMs: number): number {
  if (random.percent(5)) return nowMs - random.below(5);
  return (Math.floor(nowMs / 100) + random.between(1, 30)) * 100;
}

// Until when an order enters; some are late already.
function randomEntry(random: RandomSource, nowMs: number): { expireTimeMs?: number } {
  return random.percent(30) ? { expireTimeMs: nowMs + random.between(-2, 20) } : {};
}

/** A limit price for a side, mostly one that does not trade at once. */
export function randomLimit(random: RandomSource, { span }: RandomProfile, { centre }: ModelBook, side: Side): number {
  if (random.percent(0.4)) return random.pick([1, quantityMax]);
  // Far from all others, so that the best price has no neighbouring level.
  const far = random.percent(2) ? random.below(10 ** random.between(2, 6)) : 0;
  const away = random.between(-span, span) - (random.percent(50) ? 1 : 0) - far;
  return inRange(side === Side.BUY ? centre + away : centre - away);
}

/** A stop price for a side, mostly one that is not reached yet. */
export function randomStopPrice(
  random: RandomSource,
  { span }: RandomProfile,
  { centre }: ModelBook,
  side: Side,
): number {
  const away = random.between(random.percent(15) ? -span : 1, span);
  return inRange(side === Side.BUY ? centre + away : centre - away);
}

/** A price limited to 1 to 2^31 - 1. */
export function inRange(price: number): number {
  return Math.min(quantityMax, Math.max(1, price));
}

function limitTerms(
  random: RandomSource,
  book: ModelBook,
  quantityLots: number,
  nowMs: number,
): Partial<SubmitCommand> {
  const continuous = book.state === TradingState.CONTINUOUS || random.percent(8);
  const kind = random.weighted([
    [continuous ? 12 : 0, 'ioc'],
    [continuous ? 12 : 0, 'fok'],
    [continuous ? 8 : 0, 'postOnly'],
    [continuous ? 8 : 0, 'minimum'],
    [continuous ? 5 : 25, 'auction'],
    [55, 'rests'],
  ] as const);
  const waits = waitingTimeInForce(random, nowMs);
  const terms = {
    withinBand: random.percent(40),
    valueMax: random.percent(35) ? randomValue(random, book, quantityLots) : 0,
    ...randomEntry(random, nowMs),
  };
  switch (kind) {
    case 'ioc':
      return { timeInForce: TimeInForce.IOC, ...terms };
    case 'fok':
      return { timeInForce: TimeInForce.FOK, ...terms };
    case 'postOnly':
      return { ...waits, postOnly: true, slide: random.percent(60) };
    case 'minimum': {
      const times = random.percent(30) ? { timeInForce: TimeInForce.IOC } : waits;
      return { ...times, minimumLots: random.between(1, quantityLots) };
    }
    case 'auction':
      return atAnAuction(random, book);
    default:
      return waits;
  }
}

// What some of the lots are worth, and a rest that buys none, or one more below the centre.
function randomValue(random: RandomSource, { centre }: ModelBook, quantityLots: number): number {
  const value = random.between(0, quantityLots) * centre + random.below(centre + 2);
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(1, value));
}

function atAnAuction(random: RandomSource, { state }: ModelBook): { timeInForce: TimeInForce } {
  const opens = state === TradingState.PRE_OPEN || state === TradingState.OPENING_AUCTION || random.percent(15);
  return { timeInForce: opens && random.percent(60) ? TimeInForce.AT_OPEN : TimeInForce.AT_CLOSE };
}
