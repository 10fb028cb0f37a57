import { OrderEndedSchema, OrderFilledSchema, OrderOpenedSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { type OutboxEvent, outboxEvent } from '#platform/bus/outbox.ts';
import { uuidV7Of } from '#platform/ids/uuid-v7.ts';
import type { StoredFill } from '../domain/fill.ts';
import type { Order } from '../domain/order.ts';
import { toFill, toOrder } from '../rpc/messages/order-message.ts';

/** OrderOpened: the order rests in the book, or waits outside of it. One that waited has another when it rests. */
export function openedEvents(order: Order): OutboxEvent[] {
  const fact = order.triggerTimeMs === undefined ? 'opened' : 'entered';
  return [outboxEvent(OrderOpenedSchema, { order: toOrder(order), house: order.house }, optionsOf(order, fact))];
}

/** OrderFilled: one fill, and the order as it is after it. */
export function filledEvents(order: Order, fill: StoredFill): OutboxEvent[] {
  const init = { order: toOrder(order), fill: toFill(fill), house: order.house };
  return [outboxEvent(OrderFilledSchema, init, optionsOf(order, fill.tradeId))];
}

/** OrderEnded: the order is final without being filled whole. */
export function endedEvents(order: Order): OutboxEvent[] {
  return [outboxEvent(OrderEndedSchema, { order: toOrder(order), house: order.house }, optionsOf(order, 'ended'))];
}

// The feed's events are applied again when the database loses the last moments before a crash: the same fact then has the same id.
function optionsOf({ accountId, orderId, updateTimeMs }: Order, fact: string) {
  return { key: accountId, id: uuidV7Of(updateTimeMs, `${orderId} ${fact}`) };
}
