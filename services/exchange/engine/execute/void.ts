import { CancelReason, none, OrderStatus, Reason } from '../model/codes.ts';
import type { Outcome, VoidCommand } from '../model/commands.ts';
import { EventKind } from '../model/event-buffer.ts';
import { applyEvents } from '../state/apply-events.ts';
import { type EngineState, ineffective, outcome } from '../state/engine-state.ts';
import { findOwned, refuseId } from '../state/find-order.ts';

/** Ensures that an order is dead, whether it was submitted before or not. */
export function voidOrder(state: EngineState, command: VoidCommand): Outcome {
  const { records, matching } = state;
  const bookNumber = state.bookOf.get(command.symbol);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  const key = findOwned(state, command, bookNumber);
  if (key === none) {
    if (records.index.find(state.uuid) !== none) return ineffective(Reason.ORDER_NOT_FOUND);
    const refusal = refuseId(state, command.idTimeMs);
    return refusal === Reason.NONE ? voidUnknown(state, command, bookNumber) : ineffective(refusal);
  }
  const revision = records.revision[key]!;
  const status = records.status[key]!;
  if (status === OrderStatus.LIVE) {
    matching.cancel(key, records.account[key]!, CancelReason.VOIDED, 0);
    applyEvents(state);
    records.finalSequence[key] = state.sequence;
    return { ...outcome(state.sequence), revision };
  }
  const [feedSequence, timeMs] = [records.finalSequence[key]!, records.finalTimeMs[key]!];
  const repeated = { feedSequence, revision, timeMs };
  if (status === OrderStatus.FILLED) return { ...ineffective(Reason.ORDER_ALREADY_FINAL, status), ...repeated };
  return { ...ineffective(Reason.NONE), ...repeated };
}

function voidUnknown(state: EngineState, command: VoidCommand, bookNumber: number): Outcome {
  const { records, names, matching } = state;
  const key = records.allocate(state.uuid);
  records.account[key] = names.acquire(command.accountId);
  records.group[key] = names.acquire(command.accountId);
  records.book[key] = bookNumber;
  records.side[key] = 0;
  records.revision[key] = 0;
  records.bodyLow[key] = names.hashLow[records.account[key]!]!;
  records.bodyHigh[key] = names.hashHigh[records.account[key]!]!;
  matching.state.events.push(EventKind.CANCELLED, bookNumber, matching.state.command, key, CancelReason.VOIDED, 0, 0);
  records.finish(key, OrderStatus.VOIDED, state.nowMs, state.sequence);
  state.appliedEvents = state.events.count;
  records.setAnswer(key, { ...outcome(0), reason: Reason.ORDER_VOIDED });
  return outcome(state.sequence);
}
