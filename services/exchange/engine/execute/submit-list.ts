import { tradedValue } from '../matching/answer.ts';
import { NewOrder } from '../matching/new-order.ts';
import { none, OrderStatus, Reason } from '../model/codes.ts';
import type { Outcome, SubmitCommand, SubmitListCommand } from '../model/commands.ts';
import { Hasher } from '../model/hasher.ts';
import { parseUuid } from '../model/uuid.ts';
import { applyEvents } from '../state/apply-events.ts';
import { type EngineState, ineffective, outcome } from '../state/engine-state.ts';
import { journalsRefusals, refuseId } from '../state/find-order.ts';
import { runIdempotent } from '../state/run-idempotent.ts';
import { admit, closeIds, rejectAdmitted } from './submit.ts';

const hasher = new Hasher();
const newOrders = [new NewOrder(), new NewOrder(), new NewOrder()];

/** Submits the orders of a list, all or none. Afterwards each order's id repeats the list's outcome. */
export function submitList(state: EngineState, command: SubmitListCommand): Outcome {
  const { orders, listId, type } = command;
  const bookNumber = state.bookOf.get(orders[0]!.symbol) ?? none;
  if (bookNumber === none && !journalsRefusals(state)) return ineffective(Reason.SYMBOL_UNKNOWN);
  const body = ['submitList', type, ...orders.flatMap(bodyOf)];
  return runIdempotent(state, { commandId: listId, body }, () => {
    const refusal = refuseIds(state, bookNumber, orders);
    if (!mayJournal(state, refusal)) return ineffective(refusal);
    if (refusal === Reason.BOOK_FULL) return closeIds(state, bookNumber, orders);
    const admitted = orders.map((order, index) => {
      parseUuid(order.orderId, state.uuid);
      return admit(state, bookNumber, order, newOrders[index]!);
    });
    const { matching, records } = state;
    const firstEvent = state.events.count;
    const early = refusal === Reason.NONE && bookNumber === none ? Reason.SYMBOL_UNKNOWN : refusal;
    hasher.reset().text(listId);
    const ids = { idLow: hasher.low(), idHigh: hasher.high() };
    // The list is part of each order's body: the same order alone has another body.
    for (const { key } of admitted) records.bodyLow[key] = (records.bodyLow[key]! + (ids.idLow | 1)) | 0;
    const keys = admitted.map(({ key }) => key);
    if (early !== Reason.NONE) return refuse(state, bookNumber, keys, early);
    const reason = matching.submitList({ type, ...ids, newOrders: admitted });
    applyEvents(state);
    const result = outcome(state.sequence, reason, matching.state.detailA, matching.state.detailB);
    result.tradedLots = matching.state.tradedLots;
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

/** Whether a list with this refusal of its ids has an outcome: not while one of them may have one of its own. */
function mayJournal(state: EngineState, refusal: Reason): boolean {
  if (refusal === Reason.NONE) return true;
  return journalsRefusals(state) && (refusal === Reason.INVALID_FIELD || refusal === Reason.BOOK_FULL);
}

function refuse(state: EngineState, bookNumber: number, keys: readonly number[], reason: Reason): Outcome {
  rejectAdmitted(state, bookNumber, keys, reason);
  const result = { ...outcome(state.sequence, reason), timeMs: state.nowMs };
  for (const key of keys) state.records.setAnswer(key, result);
  return result;
}

// In this order: an id that is known must not get a second record, one that is expired no outcome.
const precedence = [
  ...[Reason.ORDER_VOIDED, Reason.ORDER_ID_REUSED, Reason.ORDER_ID_EXPIRED],
  ...[Reason.INVALID_FIELD, Reason.BOOK_FULL, Reason.NONE],
] as const;

function refuseIds(state: EngineState, bookNumber: number, orders: readonly SubmitCommand[]): Reason {
  const refusals = orders.map((order) => refuseOne(state, bookNumber, order));
  if (!journalsRefusals(state)) return refusals.find((each) => each !== Reason.NONE) ?? Reason.NONE;
  return precedence.find((each) => refusals.includes(each)) ?? Reason.NONE;
}

function refuseOne(state: EngineState, bookNumber: number, order: SubmitCommand): Reason {
  const { orderId, accountId, idTimeMs } = order;
  const { records, names } = state;
  parseUuid(orderId, state.uuid);
  const known = records.index.find(state.uuid);
  if (known === none) return refuseId(state, idTimeMs);
  const inBook = records.book[known] === bookNumber || records.book[known] === none;
  const owned = names.names[records.account[known]!] === accountId && inBook;
  return records.status[known] === OrderStatus.VOIDED && owned ? Reason.ORDER_VOIDED : Reason.ORDER_ID_REUSED;
}

function bodyOf(order: SubmitCommand): (string | number)[] {
  const { orderId, accountId, symbol, side, type, timeInForce, priceTicks, quantityLots, postOnly, slide } = order;
  const { selfTradeGroup, selfTrade, stopPriceTicks, trailTicks, trailBps, displayLots, minimumLots } = order;
  return [
    ...[orderId, accountId, symbol, side, type, timeInForce, priceTicks, quantityLots, postOnly ? 1 : 0, slide ? 1 : 0],
    ...[selfTradeGroup, selfTrade, stopPriceTicks, trailTicks, trailBps, displayLots, minimumLots],
    ...[order.expireTimeMs, order.sessionId, ...(order.withinBand ? [1] : [])],
  ];
}
