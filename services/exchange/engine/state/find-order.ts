import { none, Reason } from '../model/codes.ts';
import { parseUuid } from '../model/uuid.ts';
import { type EngineState, idClockSkewMaxMs, knownMax, retentionMs } from './engine-state.ts';

/** The key of an account's order in a book, or `none`. Stores the order's UUID in `state.uuid`. */
export function findOwned(
  state: EngineState,
  command: { orderId: string; accountId: string },
  bookNumber: number,
): number {
  const { records, names } = state;
  parseUuid(command.orderId, state.uuid);
  const key = records.index.find(state.uuid);
  if (key === none || records.book[key] !== bookNumber) return none;
  return names.names[records.account[key]!] === command.accountId ? key : none;
}

/**
 * Whether a new id is acceptable: ORDER_ID_EXPIRED if it is older than the retention time, INVALID_FIELD if its time is in the future,
 * BOOK_FULL if no more ids can be stored, else Reason.NONE.
 */
export function refuseId(state: EngineState, idTimeMs: number): Reason {
  if (idTimeMs < state.nowMs - retentionMs) return Reason.ORDER_ID_EXPIRED;
  if (idTimeMs > state.nowMs + idClockSkewMaxMs) return Reason.INVALID_FIELD;
  return state.records.count >= knownMax ? Reason.BOOK_FULL : Reason.NONE;
}
