/** Effects of trades and triggers on the other orders of a list: two exits never fill more than the position together. */
import { none } from '../model/codes.ts';
import { EventFlag } from '../model/event-buffer.ts';
import { emitReplaced } from './emit-replaced.ts';
import { listOffset, roleOffset } from './extra-table.ts';
import { cancelLinked, otherExit } from './finish.ts';
import { entryRole, entryTradedOffset, pendingLotsOffset, queuedOffset } from './list-table.ts';
import type { MatchingState } from './matching-state.ts';
import { extraOffset, openOffset, quantityOffset } from './order-table.ts';
import { reduceOpen } from './queues.ts';

/** Applies a trade of `lots` to the list of one of its orders, if it has one. */
export function listTraded(state: MatchingState, slot: number, lots: number): void {
  const extra = state.orders.words[slot + extraOffset]!;
  if (extra === none) return;
  const list = state.extras.words[extra + listOffset]!;
  if (list === none) return;
  const { words, queue } = state.lists;
  const role = state.extras.words[extra + roleOffset]!;
  if (role !== entryRole) {
    reduce(state, words[list + otherExit(role)]!, lots);
    cancelLinked(state, words[list + entryRole]!);
    return;
  }
  words[list + entryTradedOffset] = 1;
  words[list + pendingLotsOffset]! += lots;
  if (words[list + queuedOffset] === 1) return;
  words[list + queuedOffset] = 1;
  queue.push(list);
}

/** Cancels the remainder of the entry of an exit that was triggered. */
export function exitTriggered(state: MatchingState, slot: number): void {
  const extra = state.orders.words[slot + extraOffset]!;
  const list = state.extras.words[extra + listOffset]!;
  if (list === none || state.extras.words[extra + roleOffset] === entryRole) return;
  cancelLinked(state, state.lists.words[list + entryRole]!);
}

function reduce(state: MatchingState, slot: number, lots: number): void {
  if (slot === none) return;
  const { words } = state.orders;
  if (words[slot + openOffset]! <= lots) {
    cancelLinked(state, slot);
    return;
  }
  reduceOpen(state, slot, lots);
  words[slot + quantityOffset]! -= lots;
  emitReplaced(state, slot, EventFlag.PRIORITY_RETAINED);
}
