/** Events about orders of one person, each order with one fill. */
import { create, toBinary } from '@bufbuild/protobuf';
import { OrderEndedSchema, OrderFilledSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { BusEvent } from '#platform/bus/bus.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';

/** An order of so many shares that is filled whole, at 187. */
export function filledOrder(accountId: string, shares: number, { house = false } = {}): BusEvent {
  const order = orderOf(accountId, shares, { filled: shares, status: OrderStatus.FILLED });
  const fill = { quantity: String(shares), price: '187', fee: '0.1' };
  return event(
    accountId,
    OrderFilledSchema.typeName,
    toBinary(OrderFilledSchema, create(OrderFilledSchema, { order, fill, house })),
  );
}

/** An order of so many shares that is cancelled before any traded. */
export function cancelledOrder(accountId: string, shares: number): BusEvent {
  const order = orderOf(accountId, shares, { filled: 0, status: OrderStatus.CANCELLED });
  return event(accountId, OrderEndedSchema.typeName, toBinary(OrderEndedSchema, create(OrderEndedSchema, { order })));
}

/** The first share of an order of ten and then all of it, or its cancellation: events of one order. */
export function partlyFilledOrder(accountId: string): { first: BusEvent; rest: BusEvent } {
  const orderId = uuidV7();
  const eventOf = (filled: number, status: OrderStatus) => {
    const order = { ...orderOf(accountId, 10, { filled, status }), orderId };
    const fill = { quantity: '1', price: '187', fee: '0.1' };
    return event(
      accountId,
      OrderFilledSchema.typeName,
      toBinary(OrderFilledSchema, create(OrderFilledSchema, { order, fill })),
    );
  };
  return { first: eventOf(1, OrderStatus.PARTIALLY_FILLED), rest: eventOf(10, OrderStatus.FILLED) };
}

function orderOf(accountId: string, shares: number, { filled, status }: { filled: number; status: OrderStatus }) {
  return {
    orderId: uuidV7(),
    accountId,
    symbol: 'ACME',
    side: Side.BUY,
    type: OrderType.LIMIT,
    quantity: String(shares),
    limitPrice: '187.25',
    filledQuantity: String(filled),
    averageFillPrice: filled === 0 ? '' : '187',
    fees: '0.1',
    status,
    version: BigInt(filled + 1),
  };
}

function event(key: string, type: string, payload: Uint8Array): BusEvent {
  return { id: uuidV7(), type, key, payload, timeMs: Date.now(), traceparent: '' };
}
