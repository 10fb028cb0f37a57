import { ListType, OrderType, Side, TimeInForce, TradingState } from '../../engine/model/codes.ts';
import type { SubmitCommand, SubmitListCommand } from '../../engine/model/commands.ts';
import type { ModelBook } from './random-model.ts';
import {
  inRange,
  type OrderName,
  type RandomProfile,
  randomBase,
  randomLimit,
  termsOfType,
  waitingTimeInForce,
} from './random-orders.ts';
import type { RandomSource } from './random-source.ts';

/** A list of any type; `nameNext` supplies ids. Its exits often are at prices where one taker reaches both. */
export function randomList(
  random: RandomSource,
  profile: RandomProfile,
  book: ModelBook,
  listId: string,
  nameNext: () => OrderName,
  nowMs: number,
): SubmitListCommand {
  const type = random.pick([ListType.OCO, ListType.OTO, ListType.BRACKET]);
  const single = randomBase(random, profile, book, nameNext());
  // More lots than most orders have, so that many entries trade in parts.
  const isLarge = single.quantityLots <= 30 && random.percent(60);
  const base = isLarge ? { ...single, quantityLots: single.quantityLots * 4 } : single;
  const exitBase = type === ListType.OCO ? base : { ...base, side: base.side === Side.BUY ? Side.SELL : Side.BUY };
  const exits: SubmitCommand[] = [];
  for (let i = type === ListType.OTO ? 1 : 0; i < 2; i++) {
    const name = type === ListType.OCO && i === 0 ? {} : nameNext();
    exits.push({ ...exitBase, ...name, ...exitTerms(random, profile, book, exitBase, nowMs) });
  }
  const entry = { ...base, ...entryTerms(random, profile, book, base, nowMs) };
  return { kind: 'submitList', listId, type, orders: type === ListType.OCO ? exits : [entry, ...exits] };
}

function exitTerms(
  random: RandomSource,
  profile: RandomProfile,
  book: ModelBook,
  base: SubmitCommand,
  nowMs: number,
): Partial<SubmitCommand> {
  const type = random.pick([
    OrderType.LIMIT,
    OrderType.LIMIT,
    OrderType.STOP,
    OrderType.STOP_LIMIT,
    OrderType.TRAILING_STOP,
  ]);
  if (type === OrderType.LIMIT) {
    const away = random.between(random.percent(20) ? -profile.span : 0, profile.span);
    const priceTicks = inRange(base.side === Side.BUY ? book.centre - away : book.centre + away);
    return { type, ...waitingTimeInForce(random, nowMs), priceTicks };
  }
  const terms = termsOfType(random, profile, book, base, type, nowMs);
  const isAtOnce = terms.timeInForce === TimeInForce.IOC || terms.timeInForce === TimeInForce.FOK;
  return isAtOnce ? { ...terms, timeInForce: TimeInForce.GTC } : terms;
}

function entryTerms(
  random: RandomSource,
  profile: RandomProfile,
  book: ModelBook,
  base: SubmitCommand,
  nowMs: number,
): Partial<SubmitCommand> {
  const type = random.pick([OrderType.LIMIT, OrderType.LIMIT, OrderType.LIMIT, OrderType.STOP, OrderType.STOP_LIMIT]);
  if (type !== OrderType.LIMIT) return termsOfType(random, profile, book, base, type, nowMs);
  const priceTicks = randomLimit(random, profile, book, base.side);
  if (book.state !== TradingState.CONTINUOUS || random.percent(65)) {
    return { type, ...waitingTimeInForce(random, nowMs), priceTicks };
  }
  const terms = termsOfType(random, profile, book, base, type, nowMs);
  const isAuction = terms.timeInForce === TimeInForce.AT_OPEN || terms.timeInForce === TimeInForce.AT_CLOSE;
  return { ...terms, valueMax: 0, ...(isAuction ? { timeInForce: TimeInForce.GTC } : {}) };
}
