/** Follow-ups within a command (R22): exits are increased and enter, then elected stops enter. */
import { OrderType, TimeInForce } from '../../engine/model/codes.ts';
import { emitReplaced, endEntry } from './reference-changes.ts';
import { arrive, enter } from './reference-matching.ts';
import type { ReferenceBook, ReferenceList, ReferenceOrder, ReferenceState } from './reference-state.ts';
import { waitsAsStop } from './reference-stops.ts';

/** Carries out all follow-ups, and theirs, until none is left. */
export function followUp(state: ReferenceState, book: ReferenceBook): void {
  for (;;) {
    const list = book.activating.shift();
    if (list) {
      grow(state, book, list);
      continue;
    }
    const stop = book.elected.shift();
    if (!stop) return;
    if (stop.status === 'live') trigger(state, book, stop);
  }
}

/** Emits that a waiting order enters, and cancels the remainder of its list's entry (R28). */
export function emitTriggered(
  state: ReferenceState,
  order: ReferenceOrder,
  stopPrice: number,
  lastPrice: number,
): void {
  const { symbol, orderId, accountId, list } = order;
  const prices = { stopPriceTicks: stopPrice, lastPriceTicks: lastPrice };
  state.events.push({ kind: 'triggered', symbol, orderId, accountId, ...prices });
  if (list && order !== list.entry) endEntry(state, list);
}

function trigger(state: ReferenceState, book: ReferenceBook, stop: ReferenceOrder): void {
  emitTriggered(state, stop, stop.stopPriceTicks, stop.electedPrice);
  if (stop.type !== OrderType.STOP_LIMIT) stop.timeInForce = TimeInForce.IOC;
  enter(state, book, stop);
}

function grow(state: ReferenceState, book: ReferenceBook, list: ReferenceList): void {
  const lots = list.pendingLots;
  list.pendingLots = 0;
  const exits = list.exits.filter(({ status }) => status === 'live');
  for (const exit of exits) {
    exit.totalLots += lots;
    exit.openLots += lots;
    emitReplaced(state, exit, '', waitsAsStop(exit));
  }
  for (const exit of exits) {
    if (exit.status !== 'live' || waitsAsStop(exit)) continue;
    // A STOP_LIMIT that was triggered is a limit order.
    if (exit.where === 'resting') enter(state, book, exit);
    else arrive(state, book, exit);
  }
}
