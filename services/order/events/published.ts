import { OrderEndedSchema, OrderFilledSchema, OrderOpenedSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { type OutboxEvent, outboxEvent } from '#platform/bus/outbox.ts';
import type { PlacedFill } from '../domain/change-set.ts';
import type { Order } from '../domain/order.ts';
import { toFill, toOrder } from '../rpc/messages/order-message.ts';
import type { Fill } from '../store/fill-row.ts';

/** OrderOpened: the exchange accepted it. */
export function openedEvents(order: Order): OutboxEvent[] {
  return [outboxEvent(OrderOpenedSchema, { order: toOrder(order), house: order.house }, { key: order.accountId })];
}

/** OrderFilled: the order as it is after the fill. */
export function filledEvents(order: Order, fill: PlacedFill): OutboxEvent[] {
  const told: Fill = { ...fill, ...orderFacts(order), tradeTimeMs: fill.timeMs };
  const init = { order: toOrder(order), fill: toFill(told), house: order.house };
  return [outboxEvent(OrderFilledSchema, init, { key: order.accountId })];
}

/** OrderEnded: final without being filled whole. */
export function endedEvents(order: Order): OutboxEvent[] {
  return [outboxEvent(OrderEndedSchema, { order: toOrder(order), house: order.house }, { key: order.accountId })];
}

function orderFacts({ orderId, accountId, symbol, side, tickMicros, lotMicros }: Order) {
  return { orderId, accountId, symbol, side, tickMicros, lotMicros };
}
