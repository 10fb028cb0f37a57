import { tradedValue } from '../matching/answer.ts';
import { NewOrder } from '../matching/new-order.ts';
import { none, OrderStatus, Reason } from '../model/codes.ts';
import type { Outcome, SubmitCommand, SubmitListCommand } from '../model/commands.ts';
import { Hasher } from '../model/hasher.ts';
import { parseUuid } from '../model/uuid.ts';
import { applyEvents } from '../state/apply-events.ts';
import { type EngineState, ineffective, outcome } from '../state/engine-state.ts';
import { refuseId } from '../state/find-order.ts';
import { runIdempotent } from '../state/run-idempotent.ts';
import { admit } from './submit.ts';

const hasher = new Hasher();
const newOrders = [new NewOrder(), new NewOrder(), new NewOrder()];

/** Submits the orders of a list, all or none. Afterwards each order's id repeats the list's outcome. */
export function submitList(state: EngineState, command: SubmitListCommand): Outcome {
  const { orders, listId, type } = command;
  const bookNumber = state.bookOf.get(orders[0]!.symbol);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  return runIdempotent(state, listId, ['submitList', type, ...orders.flatMap(bodyOf)], () => {
    const refusal = refuseIds(state, bookNumber, orders);
    if (refusal !== Reason.NONE) return ineffective(refusal);
    const admitted = orders.map((order, index) => {
      parseUuid(order.orderId, state.uuid);
      return admit(state, bookNumber, order, newOrders[index]!);
    });
    const { matching, records } = state;
    const firstEvent = state.events.count;
    hasher.reset().text(listId);
    const ids = { idLow: hasher.low(), idHigh: hasher.high() };
    // The list is part of each order's body: the same order alone has another body.
    for (const { key } of admitted) records.bodyLow[key] = (records.bodyLow[key]! + (ids.idLow | 1)) | 0;
    const reason = matching.submitList({ type, ...ids, newOrders: admitted });
    applyEvents(state);
    const result = outcome(state.sequence, reason, matching.state.detailA, matching.state.detailB);
    result.tradedLots = matching.state.tradedLots;
    const keys = admitted.map(({ key }) => key);
    result.tradedValue = tradedValue(matching.state, firstEvent, keys);
    result.timeMs = state.nowMs;
    result.restingLots = matching.state.restingLots;
    for (const key of keys) {
      const revision = reason === Reason.NONE ? records.revision[key]! : 0;
      records.setAnswer(key, { ...result, tradedLots: 0, tradedValue: 0n, restingLots: 0, revision });
    }
    return result;
  });
}

function refuseIds(state: EngineState, bookNumber: number, orders: readonly SubmitCommand[]): Reason {
  for (const { orderId, accountId, idTimeMs } of orders) {
    parseUuid(orderId, state.uuid);
    const known = state.records.index.find(state.uuid);
    if (known !== none) {
      const voided = state.records.status[known] === OrderStatus.VOIDED;
      const owned =
        state.names.names[state.records.account[known]!] === accountId && state.records.book[known] === bookNumber;
      return voided && owned ? Reason.ORDER_VOIDED : Reason.ORDER_ID_REUSED;
    }
    const refusal = refuseId(state, idTimeMs);
    if (refusal !== Reason.NONE) return refusal;
  }
  return Reason.NONE;
}

function bodyOf(order: SubmitCommand): (string | number)[] {
  const { orderId, accountId, symbol, side, type, timeInForce, priceTicks, quantityLots, postOnly, slide } = order;
  const { selfTradeGroup, selfTrade, stopPriceTicks, trailTicks, trailBps, displayLots, minimumLots } = order;
  return [
    ...[orderId, accountId, symbol, side, type, timeInForce, priceTicks, quantityLots, postOnly ? 1 : 0, slide ? 1 : 0],
    ...[selfTradeGroup, selfTrade, stopPriceTicks, trailTicks, trailBps, displayLots, minimumLots],
    ...[order.expireTimeMs, order.sessionId],
  ];
}
