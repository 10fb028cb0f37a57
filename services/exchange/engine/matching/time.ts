/** Due work: sessions end, orders expire, breakers reopen their books (R32). */
import { CancelReason, none } from '../model/codes.ts';
import { fromWords } from '../model/columns.ts';
import { acceptanceHighOffset, acceptanceLowOffset, sessionOffset } from './extra-table.ts';
import { cancelOrder } from './finish.ts';
import type { MatchingState } from './matching-state.ts';
import { extraOffset, keyOffset, orderWords } from './order-table.ts';
import type { OpenSession } from './session-table.ts';
import { runTimer } from './trading-state.ts';

/** The next due time, Unix ms; Infinity: none. */
export function nextDueMs({ sessions, expiries, books }: MatchingState): number {
  let due = Math.min(sessions.dueMs, expiries.dueMs);
  for (const { timerTimeMs } of books) if (timerTimeMs !== 0 && timerTimeMs < due) due = timerTimeMs;
  return due;
}

/** Carries out everything that is due at the journalled time. */
export function runDue(state: MatchingState): void {
  const { sessions, expiries, books, nowMs } = state;
  if (sessions.dueMs <= nowMs) endSessions(state);
  while (expiries.dueMs <= nowMs) cancelOrder(state, expiries.first(), CancelReason.EXPIRED, 0);
  for (const book of books) runTimer(state, book);
  state.changes.flush(state.events, state.command);
}

function endSessions(state: MatchingState): void {
  const due = [...state.sessions.byName.values()].filter(({ endTimeMs }) => endTimeMs <= state.nowMs);
  due.sort((a, b) => a.endTimeMs - b.endTimeMs || a.handle - b.handle);
  for (const session of due) {
    cancelOrdersOf(state, session);
    state.sessions.close(session);
  }
}

function cancelOrdersOf(state: MatchingState, { handle }: OpenSession): void {
  const { orders, extras } = state;
  const { words } = orders;
  const found: { slot: number; key: number; accepted: number }[] = [];
  for (let slot = 0; slot < orders.used; slot += orderWords) {
    const [key, extra] = [words[slot + keyOffset]!, words[slot + extraOffset]!];
    if (key === none || extra === none || extras.words[extra + sessionOffset] !== handle) continue;
    const accepted = fromWords(extras.words[extra + acceptanceLowOffset]!, extras.words[extra + acceptanceHighOffset]!);
    found.push({ slot, key, accepted });
  }
  found.sort((a, b) => a.accepted - b.accepted);
  for (const { slot, key } of found) {
    if (words[slot + keyOffset] === key) cancelOrder(state, slot, CancelReason.DISCONNECTED, 0);
  }
}
