import { tradedValue } from '../matching/answer.ts';
import type { Change } from '../matching/replace.ts';
import { none, OrderStatus, Reason } from '../model/codes.ts';
import type { Outcome, ReplaceCommand } from '../model/commands.ts';
import { applyEvents } from '../state/apply-events.ts';
import { type EngineState, ineffective, outcome } from '../state/engine-state.ts';
import { findOwned } from '../state/find-order.ts';
import { rejectCommand, runIdempotent } from '../state/run-idempotent.ts';

/** Changes the terms of a live order. */
export function replace(state: EngineState, command: ReplaceCommand): Outcome {
  const bookNumber = state.bookOf.get(command.symbol);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  const { orderId, accountId, symbol } = command;
  const body = ['replace', orderId, accountId, symbol, ...termsOf(command)];
  return runIdempotent(state, { commandId: command.commandId, body }, () => {
    const { records, matching } = state;
    const key = findOwned(state, command, bookNumber);
    if (key === none) return rejectCommand(state, bookNumber, Reason.ORDER_NOT_FOUND);
    const status = records.status[key]!;
    if (status !== OrderStatus.LIVE) return rejectCommand(state, bookNumber, Reason.ORDER_ALREADY_FINAL, status);
    const firstEvent = state.events.count;
    const reason = matching.replace(key, records.account[key]!, changeOf(command));
    const { detailA, detailB, tradedLots, restingLots } = matching.state;
    if (reason !== Reason.NONE) return rejectCommand(state, bookNumber, reason, detailA, detailB);
    applyEvents(state);
    const value = tradedValue(matching.state, firstEvent, [key]);
    return { ...outcome(0), tradedLots, tradedValue: value, restingLots, revision: records.revision[key]! };
  });
}

// Fields that are not changed are left out, so that replaces of earlier releases have the same body.
function termsOf(command: ReplaceCommand): number[] {
  const { expectedRevision, priceTicks, quantityLots, stopPriceTicks, trailTicks, trailBps, expireTimeMs } = command;
  const terms = [expectedRevision, priceTicks, quantityLots];
  if (trailTicks !== 0 || trailBps !== 0 || expireTimeMs !== 0) {
    return [...terms, stopPriceTicks, trailTicks, trailBps, expireTimeMs];
  }
  return stopPriceTicks === 0 ? terms : [...terms, stopPriceTicks];
}

function changeOf(command: ReplaceCommand): Change {
  const { expectedRevision, priceTicks: price, quantityLots: quantity, stopPriceTicks: stopPrice } = command;
  const { trailTicks, trailBps, expireTimeMs } = command;
  return { expectedRevision, price, quantity, stopPrice, trailTicks, trailBps, expireTimeMs };
}
