import { CancelReason, none, OrderStatus, Reason } from '../model/codes.ts';
import type { CancelCommand, Outcome } from '../model/commands.ts';
import { EventFlag } from '../model/event-buffer.ts';
import { type EngineState, ineffective, outcome } from '../state/engine-state.ts';
import { findOwned } from '../state/find-order.ts';
import { rejectCommand, runIdempotent } from '../state/run-idempotent.ts';

/** Cancels one order of its owner. */
export function cancel(state: EngineState, command: CancelCommand): Outcome {
  const bookNumber = state.bookOf.get(command.symbol);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  const body = ['cancel', command.orderId, command.accountId, command.symbol];
  return runIdempotent(state, { commandId: command.commandId, body }, () => {
    const { records, matching } = state;
    const key = findOwned(state, command, bookNumber);
    if (key === none) return rejectCommand(state, bookNumber, Reason.ORDER_NOT_FOUND);
    const status = records.status[key]!;
    if (status !== OrderStatus.LIVE) return rejectCommand(state, bookNumber, Reason.ORDER_ALREADY_FINAL, status);
    matching.cancel(key, records.account[key]!, CancelReason.REQUESTED, EventFlag.KEYED);
    return { ...outcome(0), revision: records.revision[key]! };
  });
}
