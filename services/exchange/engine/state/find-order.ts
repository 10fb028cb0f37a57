import { none, Reason } from '../model/codes.ts';
import { parseUuid } from '../model/uuid.ts';
import { type EngineState, idClockSkewMaxMs, retentionMs } from './engine-state.ts';

/**
 * The key of an account's order in a book, or `none`. Stores the order's UUID in `state.uuid`. An order whose symbol was unknown is in no
 * book: it is found in each.
 */
export function findOwned(
  state: EngineState,
  command: { orderId: string; accountId: string },
  bookNumber: number,
): number {
  const { records, names } = state;
  parseUuid(command.orderId, state.uuid);
  const key = records.index.find(state.uuid);
  if (key === none || (records.book[key] !== bookNumber && records.book[key] !== none)) return none;
  return names.names[records.account[key]!] === command.accountId ? key : none;
}

/** Whether every well-formed Submit has an outcome that is journalled, and every Void leaves its mark. */
export function journalsRefusals(state: EngineState): boolean {
  return state.ruleVersion >= 4;
}

/**
 * Whether a new id is acceptable: ORDER_ID_EXPIRED if it is older than the retention time, INVALID_FIELD if its time is in the future,
 * BOOK_FULL if it is closed, or no more ids can be stored, else Reason.NONE.
 */
export function refuseId(state: EngineState, idTimeMs: number): Reason {
  if (idTimeMs < state.nowMs - retentionMs) return Reason.ORDER_ID_EXPIRED;
  if (idTimeMs > state.nowMs + idClockSkewMaxMs) return Reason.INVALID_FIELD;
  if (idTimeMs <= state.closedIdTimeMs) return Reason.BOOK_FULL;
  return state.records.count >= state.limits.knownMax ? Reason.BOOK_FULL : Reason.NONE;
}
