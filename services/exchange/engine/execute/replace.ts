import { tradedValue } from '../matching/answer.ts';
import { none, OrderStatus, Reason } from '../model/codes.ts';
import type { Outcome, ReplaceCommand } from '../model/commands.ts';
import { applyEvents } from '../state/apply-events.ts';
import { type EngineState, ineffective, outcome } from '../state/engine-state.ts';
import { findOwned } from '../state/find-order.ts';
import { rejectCommand, runIdempotent } from '../state/run-idempotent.ts';

/** Changes price, total quantity or stop price of a live order. */
export function replace(state: EngineState, command: ReplaceCommand): Outcome {
  const bookNumber = state.bookOf.get(command.symbol);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  const { orderId, accountId, symbol, expectedRevision, priceTicks, quantityLots, stopPriceTicks } = command;
  const terms = [expectedRevision, priceTicks, quantityLots, ...(stopPriceTicks === 0 ? [] : [stopPriceTicks])];
  const body = ['replace', orderId, accountId, symbol, ...terms];
  return runIdempotent(state, { commandId: command.commandId, body }, () => {
    const { records, matching } = state;
    const key = findOwned(state, command, bookNumber);
    if (key === none) return rejectCommand(state, bookNumber, Reason.ORDER_NOT_FOUND);
    const status = records.status[key]!;
    if (status !== OrderStatus.LIVE) return rejectCommand(state, bookNumber, Reason.ORDER_ALREADY_FINAL, status);
    const change = { expectedRevision, price: priceTicks, quantity: quantityLots, stopPrice: stopPriceTicks };
    const firstEvent = state.events.count;
    const reason = matching.replace(key, records.account[key]!, change);
    const { detailA, detailB, tradedLots, restingLots } = matching.state;
    if (reason !== Reason.NONE) return rejectCommand(state, bookNumber, reason, detailA, detailB);
    applyEvents(state);
    const value = tradedValue(matching.state, firstEvent, [key]);
    return { ...outcome(0), tradedLots, tradedValue: value, restingLots, revision: records.revision[key]! };
  });
}
