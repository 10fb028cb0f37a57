import { CancelReason, none, OrderStatus, Reason } from '../model/codes.ts';
import type { Outcome, VoidCommand } from '../model/commands.ts';
import { EventKind } from '../model/event-buffer.ts';
import { applyEvents } from '../state/apply-events.ts';
import { type EngineState, ineffective, outcome } from '../state/engine-state.ts';
import { findOwned, journalsRefusals, refuseId } from '../state/find-order.ts';

/** Ensures that an order is dead, whether it was submitted before or not. */
export function voidOrder(state: EngineState, command: VoidCommand): Outcome {
  const { records, matching } = state;
  const bookNumber = state.bookOf.get(command.symbol) ?? none;
  if (bookNumber === none && !journalsRefusals(state)) return ineffective(Reason.SYMBOL_UNKNOWN);
  const key = findOwned(state, command, bookNumber);
  if (key === none) {
    if (records.index.find(state.uuid) !== none) return ineffective(Reason.ORDER_NOT_FOUND);
    return voidUnknown(state, command, bookNumber);
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
  const { idTimeMs } = command;
  const refusal = refuseId(state, idTimeMs);
  // What the order led to, if it led to anything, is before the head.
  const dead = (reason: Reason) => ({ ...ineffective(reason), feedSequence: state.sequence });
  if (refusal === Reason.ORDER_ID_EXPIRED) return dead(refusal);
  if (!journalsRefusals(state))
    return refusal === Reason.NONE ? mark(state, command, bookNumber) : ineffective(refusal);
  if (idTimeMs <= state.closedIdTimeMs) return dead(Reason.NONE);
  if (state.records.count < state.limits.markedMax) return mark(state, command, bookNumber);
  // Closing the ids up to one from the future would close the shard.
  if (refusal === Reason.INVALID_FIELD) return ineffective(Reason.BOOK_FULL);
  state.closedIdTimeMs = idTimeMs;
  pushVoided(state, bookNumber, none);
  state.appliedEvents = state.events.count;
  return outcome(state.sequence);
}

function pushVoided({ matching, events }: EngineState, bookNumber: number, key: number): void {
  events.push(EventKind.CANCELLED, bookNumber, matching.state.command, key, CancelReason.VOIDED, 0, 0);
}

/** Remembers an unknown order as voided. */
function mark(state: EngineState, command: VoidCommand, bookNumber: number): Outcome {
  const { records, names } = state;
  const key = records.allocate(state.uuid);
  records.account[key] = names.acquire(command.accountId);
  records.group[key] = names.acquire(command.accountId);
  records.book[key] = bookNumber;
  records.side[key] = 0;
  records.revision[key] = 0;
  records.bodyLow[key] = names.hashLow[records.account[key]!]!;
  records.bodyHigh[key] = names.hashHigh[records.account[key]!]!;
  pushVoided(state, bookNumber, key);
  records.finish(key, OrderStatus.VOIDED, state.nowMs, state.sequence);
  state.appliedEvents = state.events.count;
  records.setAnswer(key, { ...outcome(0), reason: Reason.ORDER_VOIDED });
  return outcome(state.sequence);
}
