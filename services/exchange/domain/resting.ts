/** Orders in the queues of their levels. */
import type { CancelReason, Side } from './codes.ts';
import { NONE, OrderStatus } from './codes.ts';
import type { EngineState } from './engine-state.ts';
import { finishOrder } from './engine-state.ts';
import { EventFlag, EventKind } from './event-buffer.ts';

/** Puts an order with open lots at the end of the queue of its price. */
export function rest(state: EngineState, slot: number): void {
  const { orders, levels, changes } = state;
  const side = orders.side[slot] as Side;
  const bookNumber = orders.book[slot]!;
  const ladder = state.books[bookNumber]!.own(side);
  const price = orders.price[slot]!;
  let level = ladder.find(price);
  if (level === NONE) {
    level = levels.allocate(price);
    ladder.insert(price, level);
    changes.created(bookNumber, side, level);
  } else {
    changes.beforeChange(bookNumber, side, level);
  }
  enqueue(state, level, slot);
  orders.stamp[slot] = state.sequence;
  orders.touch(slot);
}

/** Puts back an order that a snapshot found resting: nobody is told, and its stamp stays. Earlier stamps come first. */
export function restAgain(state: EngineState, slot: number): void {
  const { orders, levels, books } = state;
  const ladder = books[orders.book[slot]!]!.own(orders.side[slot] as Side);
  const price = orders.price[slot]!;
  let level = ladder.find(price);
  if (level === NONE) {
    level = levels.allocate(price);
    ladder.insert(price, level);
  }
  enqueue(state, level, slot);
}

function enqueue(state: EngineState, level: number, slot: number): void {
  const { orders, levels } = state;
  const last = levels.tail[level]!;
  orders.level[slot] = level;
  orders.previous[slot] = last;
  orders.next[slot] = NONE;
  if (last === NONE) levels.head[level] = slot;
  else orders.next[last] = slot;
  levels.tail[level] = slot;
  levels.quantity[level]! += orders.remaining[slot]!;
  levels.orderCount[level]!++;
  state.restingCount++;
}

/** Takes a resting order out of its queue, and the level out of its ladder when it was the last one there. */
export function unrest(state: EngineState, slot: number): void {
  const { orders, levels, changes } = state;
  const side = orders.side[slot] as Side;
  const bookNumber = orders.book[slot]!;
  const level = orders.level[slot]!;
  changes.beforeChange(bookNumber, side, level);
  const [before, after] = [orders.previous[slot]!, orders.next[slot]!];
  if (before === NONE) levels.head[level] = after;
  else orders.next[before] = after;
  if (after === NONE) levels.tail[level] = before;
  else orders.previous[after] = before;
  levels.quantity[level]! -= orders.remaining[slot]!;
  levels.orderCount[level]!--;
  orders.level[slot] = NONE;
  orders.touch(slot);
  state.restingCount--;
  if (levels.orderCount[level] !== 0) return;
  changes.removed(level);
  state.books[bookNumber]!.own(side).remove(levels.price[level]!);
  levels.release(level);
}

/** Takes lots from a resting order that keeps its place. */
export function shrink(state: EngineState, slot: number, lots: number): void {
  const { orders, levels, changes } = state;
  const level = orders.level[slot]!;
  changes.beforeChange(orders.book[slot]!, orders.side[slot] as Side, level);
  levels.quantity[level]! -= lots;
  orders.remaining[slot]! -= lots;
  orders.touch(slot);
}

/** Ends an order with open lots, resting or on its way in. `keyed`: the running command's id asked for it. */
export function cancelOrder(state: EngineState, slot: number, reason: CancelReason, keyed: boolean): void {
  const { orders, events } = state;
  if (orders.level[slot] !== NONE) unrest(state, slot);
  const flags = keyed ? EventFlag.KEYED : 0;
  const kind = EventKind.CANCELLED;
  events.push(kind, orders.book[slot]!, state.command, slot, reason, orders.remaining[slot], flags);
  finishOrder(state, slot, OrderStatus.CANCELLED);
}
