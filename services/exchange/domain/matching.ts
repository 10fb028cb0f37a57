/** Who trades with whom, at what price: the best price first, at one price the earliest first, always at the maker's price. */
import type { Book } from './book.ts';
import type { Side } from './codes.ts';
import { CancelReason, NONE, OrderStatus, SelfTrade, Side as Sides } from './codes.ts';
import type { EngineState } from './engine-state.ts';
import { finishOrder } from './engine-state.ts';
import { EventFlag, EventKind } from './event-buffer.ts';
import { cancelOrder, shrink, unrest } from './resting.ts';

/** Whether an order of `side` at `limit` would trade with a maker at `price`. */
export function crosses(side: Side, limit: number, price: number): boolean {
  return side === Sides.BUY ? price <= limit : price >= limit;
}

/** Whether an order of `side` at `limit` would meet anything in the book. */
export function wouldMeet(state: EngineState, book: Book, side: Side, limit: number): boolean {
  const best = book.opposite(side).best();
  return best !== NONE && crosses(side, limit, state.levels.price[best]!);
}

/**
 * Trades an order that does not rest with the other side until it is filled, stopped by self-trade prevention, or nothing
 * crosses. Returns the lots that traded. The order is then final, or has open lots that the caller rests or cancels.
 */
export function match(state: EngineState, book: Book, taker: number): number {
  const { orders, levels } = state;
  const side = orders.side[taker] as Side;
  const limit = orders.price[taker]!;
  const group = orders.group[taker]!;
  const opposite = book.opposite(side);
  let traded = 0;
  while (orders.status[taker] === OrderStatus.LIVE) {
    const level = opposite.best();
    if (level === NONE || !crosses(side, limit, levels.price[level]!)) break;
    const maker = levels.head[level]!;
    if (orders.group[maker] === group) preventSelfTrade(state, maker, taker);
    else traded += trade(state, book, maker, taker);
  }
  return traded;
}

/**
 * Whether `lots` would trade whole at once, self-trade prevention included: orders of the own group are passed over where they
 * would be cancelled, and end the search in every other mode, because the arriving order would lose lots to them.
 */
export function canFillWhole(state: EngineState, book: Book, order: number): boolean {
  const { orders, levels } = state;
  const [side, limit] = [orders.side[order] as Side, orders.price[order]!];
  const ladder = book.opposite(side);
  let missing = orders.remaining[order]!;
  for (let place = ladder.count - 1; place >= 0; place--) {
    const level = ladder.levels[place]!;
    if (!crosses(side, limit, levels.price[level]!)) return false;
    for (let maker = levels.head[level]!; maker !== NONE; maker = orders.next[maker]!) {
      if (orders.group[maker] !== orders.group[order]) missing -= orders.remaining[maker]!;
      else if (orders.selfTrade[order] !== SelfTrade.CANCEL_OLDEST) return false;
      if (missing <= 0) return true;
    }
  }
  return false;
}

function trade(state: EngineState, book: Book, maker: number, taker: number): number {
  const { orders, levels, events } = state;
  const price = levels.price[orders.level[maker]!]!;
  const [makerOpen, takerOpen] = [orders.remaining[maker]!, orders.remaining[taker]!];
  const lots = Math.min(makerOpen, takerOpen);
  const kind = EventKind.TRADED;
  events.push(kind, orders.book[taker]!, state.command, maker, taker, price, lots, makerOpen - lots, takerOpen - lots);
  state.tradeCount++;
  book.setLastPrice(price);
  orders.remaining[taker] = takerOpen - lots;
  orders.touch(taker);
  if (lots === makerOpen) {
    unrest(state, maker);
    orders.remaining[maker] = 0;
    finishOrder(state, maker, OrderStatus.FILLED);
  } else {
    shrink(state, maker, lots);
  }
  if (lots === takerOpen) finishOrder(state, taker, OrderStatus.FILLED);
  return lots;
}

function preventSelfTrade(state: EngineState, maker: number, taker: number): void {
  const mode = state.orders.selfTrade[taker];
  if (mode === SelfTrade.DECREMENT) {
    decrementBoth(state, maker, taker);
    return;
  }
  if (mode !== SelfTrade.CANCEL_NEWEST) cancelOrder(state, maker, CancelReason.SELF_TRADE, false);
  if (mode !== SelfTrade.CANCEL_OLDEST) cancelOrder(state, taker, CancelReason.SELF_TRADE, false);
}

// The smaller order is cancelled whole; the greater one loses as many lots and goes on.
function decrementBoth(state: EngineState, maker: number, taker: number): void {
  const { orders } = state;
  const [makerOpen, takerOpen] = [orders.remaining[maker]!, orders.remaining[taker]!];
  if (makerOpen <= takerOpen) cancelOrder(state, maker, CancelReason.SELF_TRADE, false);
  else decrement(state, maker, takerOpen);
  if (takerOpen <= makerOpen) cancelOrder(state, taker, CancelReason.SELF_TRADE, false);
  else decrement(state, taker, makerOpen);
}

function decrement(state: EngineState, slot: number, lots: number): void {
  const { orders, events } = state;
  if (orders.level[slot] === NONE) orders.remaining[slot]! -= lots;
  else shrink(state, slot, lots);
  orders.quantity[slot]! -= lots;
  orders.revision[slot]!++;
  orders.touch(slot);
  const [quantity, open] = [orders.quantity[slot], orders.remaining[slot]];
  const [price, revision] = [orders.price[slot], orders.revision[slot]];
  const [kind, flags] = [EventKind.REPLACED, EventFlag.PRIORITY_KEPT];
  events.push(kind, orders.book[slot]!, state.command, slot, price, quantity, open, revision, flags);
}
