/** Follow-ups of an order in the same command: exits are activated, elected stops enter (R22). */
import { CancelReason, none, OrderType, TimeInForce } from '../model/codes.ts';
import { EventFlag, EventKind } from '../model/event-buffer.ts';
import type { Book } from './book.ts';
import { emitReplaced } from './emit-replaced.ts';
import { enter } from './enter.ts';
import { electedPriceOffset, stopOffset } from './extra-table.ts';
import { fillsWhole } from './fillable.ts';
import { cancelOrder } from './finish.ts';
import { Queue } from './level-table.ts';
import { firstExitRole, pendingLotsOffset, queuedOffset, secondExitRole } from './list-table.ts';
import { exitTriggered } from './lists.ts';
import type { MatchingState } from './matching-state.ts';
import {
  extraOffset,
  flagsOffset,
  keyOffset,
  openOffset,
  quantityOffset,
  timeInForceOf,
  typeOf,
  withTerms,
} from './order-table.ts';
import { firstOf, leaveQueue, queueOfOrder } from './queues.ts';

/** Carries out all follow-ups, and theirs, until none is left. Returns false if there was none. */
export function followUp(state: MatchingState, book: Book): boolean {
  if (state.lists.queue.length === 0 && firstOf(state, book.elected) === none) return false;
  const { tradedLots, restingLots } = state;
  while (activateExits(state, book) || enterElected(state, book));
  state.tradedLots = tradedLots;
  state.restingLots = restingLots;
  return true;
}

/** Activates the exits of the first queued list, whose entry traded. Returns false if no list is queued. */
function activateExits(state: MatchingState, book: Book): boolean {
  const { lists } = state;
  const list = lists.queue.shift();
  if (list === undefined) return false;
  const lots = lists.words[list + pendingLotsOffset]!;
  lists.words[list + pendingLotsOffset] = 0;
  lists.words[list + queuedOffset] = 0;
  const exits: { slot: number; role: number }[] = [];
  for (let role = firstExitRole; role <= secondExitRole; role++) {
    const slot = lists.words[list + role]!;
    if (slot === none) continue;
    activate(state, slot, lots);
    exits.push({ slot, role });
  }
  for (const { slot, role } of exits) {
    if (lists.words[list + role] !== slot || waitsAsStop(state, slot)) continue;
    leaveQueue(state, slot);
    enter(state, book, slot);
  }
  if (exits.length === 0) lists.dropIfEmpty(list);
  return true;
}

function activate(state: MatchingState, slot: number, lots: number): void {
  const { words } = state.orders;
  const stays = waitsAsStop(state, slot);
  words[slot + openOffset]! += lots;
  words[slot + quantityOffset]! += lots;
  emitReplaced(state, slot, stays ? EventFlag.PRIORITY_RETAINED : 0);
}

function waitsAsStop(state: MatchingState, slot: number): boolean {
  const queue = queueOfOrder(state, slot);
  return queue === Queue.BUY_STOPS || queue === Queue.SELL_STOPS || queue === Queue.ELECTED;
}

/** Enters the first elected stop. Returns false if none is elected. */
function enterElected(state: MatchingState, book: Book): boolean {
  const slot = firstOf(state, book.elected);
  if (slot === none) return false;
  const { orders, extras, events } = state;
  leaveQueue(state, slot);
  const flags = orders.words[slot + flagsOffset]!;
  const extra = orders.words[slot + extraOffset]!;
  const stop = extras.words[extra + stopOffset]!;
  extras.words[extra + stopOffset] = 0;
  const timeInForce = typeOf(flags) === OrderType.STOP_LIMIT ? timeInForceOf(flags) : TimeInForce.IOC;
  orders.words[slot + flagsOffset] = withTerms(flags, OrderType.LIMIT, timeInForce);
  orders.touch(slot);
  const price = extras.words[extra + electedPriceOffset]!;
  events.push(EventKind.TRIGGERED, book.number, state.command, orders.words[slot + keyOffset], stop, price);
  exitTriggered(state, slot);
  if (timeInForce === TimeInForce.FOK && !fillsWhole(state, book, slot)) {
    cancelOrder(state, slot, CancelReason.IMMEDIATE, 0);
  } else {
    enter(state, book, slot);
  }
  return true;
}
