/** Random orders of every kind as commands of the exchange, around a price. */
import type { Random } from '../../../bench/load/index.ts';
import {
  OrderType,
  plainTerms,
  SelfTrade,
  Side,
  type SubmitCommand,
  TimeInForce,
} from '../../../services/exchange/index.ts';

/** Who orders what, and the price around which the market is. */
export type Ask = {
  orderId: string;
  idTimeMs: number;
  accountId: string;
  symbol: string;
  isBuy: boolean;
  midTicks: number;
};

const rangeTicks = 60;
const collarTicks = 500;
const lotsMax = 20;
const lifeMs = { min: 50, range: 20_000 };

type Drawn = Partial<SubmitCommand>;
type Kind = (random: Random, ask: Ask) => Drawn;

/** Each as likely as another; those that rest are named more often, so that there is a book. */
const kinds: readonly Kind[] = [
  ...Array.from({ length: 6 }, () => resting),
  ...[crossing, crossing, crossing, market, market],
  ...[stop, stop, stopLimit, trailing, trailing],
  ...[iceberg, iceberg, minimum, postOnly, sliding, forAuction],
];

/** An order by itself. */
export function drawOrder(random: Random, ask: Ask): SubmitCommand {
  const kind = kinds[random.below(kinds.length)] ?? resting;
  return orderOf(random, ask, kind);
}

/** An exit of a list, of a side and quantity: `isProfit` at a limit, else a stop of one of the three types. */
export function drawExit(random: Random, ask: Ask, isProfit: boolean): SubmitCommand {
  const kind = isProfit ? profit : ([stop, stopLimit, trailing][random.below(3)] ?? stop);
  const order = orderOf(random, ask, kind);
  const isLasting = order.timeInForce !== TimeInForce.IOC && order.timeInForce !== TimeInForce.FOK;
  return isLasting ? order : { ...order, timeInForce: TimeInForce.GTC };
}

/** An entry of a list. */
export function drawEntry(random: Random, ask: Ask): SubmitCommand {
  return orderOf(random, ask, [profit, crossing, market, market, stop, stopLimit][random.below(6)] ?? profit);
}

/** A buy that trades for a value of so many ticks and lots at most. */
export function byValue(ask: Ask, valueMax: bigint): SubmitCommand {
  const price = beyond({ ...ask, isBuy: true }, collarTicks);
  const lots = Number(valueMax) / (ask.midTicks - 2 * collarTicks);
  return {
    ...base({ ...ask, isBuy: true }),
    ...immediate(price),
    quantityLots: Math.ceil(lots),
    valueMax: Number(valueMax),
  };
}

/** A price so many ticks on the other side of the market. */
export function beyond({ isBuy, midTicks }: Ask, ticks: number): number {
  return Math.max(1, midTicks + (isBuy ? ticks : -ticks));
}

/** Whole lots of an order. */
export function drawLots(random: Random): number {
  return 1 + random.below(lotsMax);
}

function orderOf(random: Random, ask: Ask, kind: Kind): SubmitCommand {
  return { ...base(ask), quantityLots: drawLots(random), ...kind(random, ask) };
}

function base({ orderId, idTimeMs, accountId, symbol, isBuy, midTicks }: Ask): SubmitCommand {
  return {
    ...{ kind: 'submit', ...plainTerms, orderId, idTimeMs, accountId, symbol },
    ...{ side: isBuy ? Side.BUY : Side.SELL, timeInForce: TimeInForce.GTC, priceTicks: midTicks, quantityLots: 1 },
    ...{ postOnly: false, selfTradeGroup: '', selfTrade: SelfTrade.CANCEL_NEWEST },
  };
}

function resting(random: Random, ask: Ask): Drawn {
  return { priceTicks: beyond(ask, -1 - random.below(rangeTicks)), ...lasting(random, ask) };
}

function profit(random: Random, ask: Ask): Drawn {
  return { priceTicks: beyond(ask, -1 - random.below(rangeTicks)) };
}

function crossing(random: Random, ask: Ask): Drawn {
  const forces = [TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK];
  return { priceTicks: beyond(ask, random.below(rangeTicks)), timeInForce: forces[random.below(3)] ?? TimeInForce.GTC };
}

function market(_random: Random, ask: Ask): Drawn {
  return immediate(beyond(ask, collarTicks));
}

function stop(random: Random, ask: Ask): Drawn {
  const stopPriceTicks = beyond(ask, random.below(rangeTicks));
  const priceTicks = beyond({ ...ask, midTicks: stopPriceTicks }, collarTicks);
  return { type: OrderType.STOP, stopPriceTicks, priceTicks, ...lasting(random, ask) };
}

function stopLimit(random: Random, ask: Ask): Drawn {
  const stopPriceTicks = beyond(ask, random.below(rangeTicks));
  const priceTicks = beyond({ ...ask, midTicks: stopPriceTicks }, random.below(20) - 5);
  const force = random.below(4) === 0 ? { timeInForce: TimeInForce.IOC } : lasting(random, ask);
  return { type: OrderType.STOP_LIMIT, stopPriceTicks, priceTicks, ...force };
}

function trailing(random: Random, ask: Ask): Drawn {
  const trail =
    random.below(2) === 0 ? { trailTicks: 5 + random.below(rangeTicks) } : { trailBps: 5 + random.below(60) };
  return { type: OrderType.TRAILING_STOP, priceTicks: beyond(ask, 2 * collarTicks), ...trail, ...lasting(random, ask) };
}

function iceberg(random: Random, ask: Ask): Drawn {
  const size = { quantityLots: 10 + random.below(60), displayLots: 1 + random.below(9) };
  return { ...resting(random, ask), type: OrderType.ICEBERG, ...size };
}

function minimum(random: Random, ask: Ask): Drawn {
  const quantityLots = 2 + random.below(lotsMax);
  return {
    priceTicks: beyond(ask, random.below(rangeTicks)),
    quantityLots,
    minimumLots: 1 + random.below(quantityLots),
  };
}

function postOnly(random: Random, ask: Ask): Drawn {
  return { ...resting(random, ask), postOnly: true };
}

function sliding(random: Random, ask: Ask): Drawn {
  return { priceTicks: beyond(ask, random.below(rangeTicks)), postOnly: true, slide: true, ...lasting(random, ask) };
}

function forAuction(random: Random, ask: Ask): Drawn {
  const timeInForce = random.below(2) === 0 ? TimeInForce.AT_OPEN : TimeInForce.AT_CLOSE;
  return { priceTicks: beyond(ask, random.below(rangeTicks) - rangeTicks / 2), timeInForce };
}

function immediate(priceTicks: number): Pick<SubmitCommand, 'priceTicks' | 'timeInForce' | 'withinBand'> {
  return { priceTicks, timeInForce: TimeInForce.IOC, withinBand: true };
}

function lasting(random: Random, { idTimeMs }: Ask): Drawn {
  const force = random.below(8);
  if (force === 0) return { timeInForce: TimeInForce.DAY };
  if (force > 1) return {};
  return { timeInForce: TimeInForce.GTD, expireTimeMs: idTimeMs + lifeMs.min + random.below(lifeMs.range) };
}
