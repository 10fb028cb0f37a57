import { none, Reason } from '../model/codes.ts';
import { parseUuid } from '../model/uuid.ts';
import { type EngineState, idClockSkewMaxMs, knownMax, retentionMs } from './engine-state.ts';

/** The key of an order that an account has in a book, or none. Leaves the order's UUID in `state.uuid`. */
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
 * Whether an unknown id may still become known: ORDER_ID_EXPIRED when it is older than the engine remembers, INVALID_FIELD when
 * it comes from the future, BOOK_FULL when no more ids can be remembered, else none.
 */
export function refuseId(state: EngineState, idTimeMs: number): Reason {
  if (idTimeMs < state.nowMs - retentionMs) return Reason.ORDER_ID_EXPIRED;
  if (idTimeMs > state.nowMs + idClockSkewMaxMs) return Reason.INVALID_FIELD;
  return state.records.count >= knownMax ? Reason.BOOK_FULL : Reason.NONE;
}
