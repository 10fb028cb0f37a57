/** Events about orders, as the order service publishes them. */
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { OrderFilledSchema, OrderOpenedSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { UserRegisteredSchema } from '#gen/outcry/user/v1/events_pb.ts';
import type { BusEvent } from '#platform/bus/bus.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';

const sharesAFill = 10;

/** A person who gets messages. */
export function registration(userId: string): BusEvent {
  return event(UserRegisteredSchema, userId, { userId, email: `${userId}@example.com`, displayName: 'Bench' });
}

/** An order that rests: one message in the app and no mail. */
export function restingOrder(accountId: string): BusEvent[] {
  return [event(OrderOpenedSchema, accountId, { order: orderOf(accountId, uuidV7(), 1, 0) })];
}

/** An order that rests and then fills in so many parts: a message in the app for each, and one mail at the end. */
export function fillingOrder(accountId: string, fills: number): BusEvent[] {
  const orderId = uuidV7();
  const filled = Array.from({ length: fills }, (_, index) =>
    event(OrderFilledSchema, accountId, {
      order: orderOf(accountId, orderId, fills, index + 1),
      fill: { tradeId: uuidV7(), orderId, symbol: 'ACME', quantity: String(sharesAFill), price: '187.01', fee: '0.94' },
    }),
  );
  return [event(OrderOpenedSchema, accountId, { order: orderOf(accountId, orderId, fills, 0) }), ...filled];
}

function orderOf(accountId: string, orderId: string, fills: number, filled: number) {
  return {
    orderId,
    clientOrderId: orderId,
    accountId,
    symbol: 'ACME',
    side: Side.BUY,
    type: OrderType.LIMIT,
    quantity: String(sharesAFill * fills),
    limitPrice: '187.25',
    status: filled === fills ? OrderStatus.FILLED : OrderStatus.OPEN,
    filledQuantity: String(sharesAFill * filled),
    averageFillPrice: filled === 0 ? '' : '187.01',
    fees: '0.94',
    version: BigInt(filled + 1),
  };
}

function event<D extends DescMessage>(schema: D, key: string, init: MessageInitShape<D>): BusEvent {
  const payload = toBinary(schema, create(schema, init));
  return { id: uuidV7(), type: schema.typeName, key, payload, timeMs: Date.now(), traceparent: '' };
}
