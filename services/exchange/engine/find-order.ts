import { NONE, Reason } from './codes.ts';
import { type EngineState, idClockSkewMaxMs, knownMax, retentionMs } from './engine-state.ts';
import { parseUuid } from './uuid.ts';

/** The key of an order that an account has in a book, or NONE. Leaves the order's UUID in `state.uuid`. */
export function findOwned(
  state: EngineState,
  command: { orderId: string; accountId: string },
  bookNumber: number,
): number {
  const { records, names } = state;
  parseUuid(command.orderId, state.uuid);
  const key = records.index.find(state.uuid);
  if (key === NONE || records.book[key] !== bookNumber) return NONE;
  return names.names[records.account[key]!] === command.accountId ? key : NONE;
}

/**
 * Whether an unknown id may still become known: ORDER_ID_EXPIRED when it is older than the engine remembers, INVALID_FIELD when
 * it comes from the future, BOOK_FULL when no more ids can be remembered, else NONE.
 */
export function refuseId(state: EngineState, idTimeMs: number): Reason {
  if (idTimeMs < state.nowMs - retentionMs) return Reason.ORDER_ID_EXPIRED;
  if (idTimeMs > state.nowMs + idClockSkewMaxMs) return Reason.INVALID_FIELD;
  return state.records.count >= knownMax ? Reason.BOOK_FULL : Reason.NONE;
}
