/** What trades and triggers mean for the other orders of a list: two exits never fill more than the position between them. */
import { NONE } from '../codes.ts';
import { EventFlag } from '../event-buffer.ts';
import { LIST, ROLE } from './extra-table.ts';
import { otherExit, withdraw } from './finish.ts';
import { ENTRY, ENTRY_TRADED, QUEUED, UNGROWN_LOTS } from './list-table.ts';
import type { MatchingState } from './matching-state.ts';
import { EXTRA, OPEN, QUANTITY } from './order-table.ts';
import { shrink } from './queues.ts';
import { tellReplaced } from './tell-replaced.ts';

/** Does what a trade of `lots` means for the list of one of its orders, where it has one. */
export function listTraded(state: MatchingState, slot: number, lots: number): void {
  const extra = state.orders.words[slot + EXTRA]!;
  if (extra === NONE) return;
  const list = state.extras.words[extra + LIST]!;
  if (list === NONE) return;
  const { words, queue } = state.lists;
  const role = state.extras.words[extra + ROLE]!;
  if (role !== ENTRY) {
    reduce(state, words[list + otherExit(role)]!, lots);
    withdraw(state, words[list + ENTRY]!);
    return;
  }
  words[list + ENTRY_TRADED] = 1;
  words[list + UNGROWN_LOTS]! += lots;
  if (words[list + QUEUED] === 1) return;
  words[list + QUEUED] = 1;
  queue.push(list);
}

/** Withdraws what is left of the entry of an exit that was triggered. */
export function exitTriggered(state: MatchingState, slot: number): void {
  const extra = state.orders.words[slot + EXTRA]!;
  const list = state.extras.words[extra + LIST]!;
  if (list === NONE || state.extras.words[extra + ROLE] === ENTRY) return;
  withdraw(state, state.lists.words[list + ENTRY]!);
}

function reduce(state: MatchingState, slot: number, lots: number): void {
  if (slot === NONE) return;
  const { words } = state.orders;
  if (words[slot + OPEN]! <= lots) {
    withdraw(state, slot);
    return;
  }
  shrink(state, slot, lots);
  words[slot + QUANTITY]! -= lots;
  tellReplaced(state, slot, EventFlag.PRIORITY_KEPT);
}
