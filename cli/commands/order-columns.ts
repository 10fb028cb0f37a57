/** How orders and fills are shown. */

import { ErrorReasonSchema } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  type Fill,
  type Order,
  OrderCancelReasonSchema,
  OrderStatus,
  OrderStatusSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import { OrderTypeSchema, SideSchema, TimeInForceSchema } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Column } from '../output/table.ts';
import { enumName, enumWord, timeWord } from '../output/words.ts';

/** A list of orders. */
export const orderColumns: readonly Column<Order>[] = [
  { title: 'ORDER', value: ({ orderId }) => orderId },
  { title: 'SYMBOL', value: ({ symbol }) => symbol },
  { title: 'SIDE', value: ({ side }) => enumWord(SideSchema, side) },
  { title: 'TYPE', value: ({ type }) => enumWord(OrderTypeSchema, type) },
  { title: 'QUANTITY', value: ({ quantity }) => quantity, isNumber: true },
  { title: 'LIMIT', value: ({ limitPrice }) => limitPrice, isNumber: true },
  { title: 'FILLED', value: ({ filledQuantity }) => filledQuantity, isNumber: true },
  { title: 'AVERAGE', value: ({ averageFillPrice }) => averageFillPrice, isNumber: true },
  { title: 'STATUS', value: ({ status }) => enumWord(OrderStatusSchema, status) },
  { title: 'CHANGED', value: ({ updateTime }) => timeWord(updateTime) },
];

/** A list of fills. */
export const fillColumns: readonly Column<Fill>[] = [
  { title: 'TIME', value: ({ time }) => timeWord(time) },
  { title: 'ORDER', value: ({ orderId }) => orderId },
  { title: 'SYMBOL', value: ({ symbol }) => symbol },
  { title: 'SIDE', value: ({ side }) => enumWord(SideSchema, side) },
  { title: 'QUANTITY', value: ({ quantity }) => quantity, isNumber: true },
  { title: 'PRICE', value: ({ price }) => price, isNumber: true },
  { title: 'FEE', value: ({ fee }) => fee, isNumber: true },
];

/** One order in full. */
export function orderFields(order: Order): [string, string][] {
  return [
    ['order', order.orderId],
    ['key', order.clientOrderId],
    ['symbol', order.symbol],
    ['side', enumWord(SideSchema, order.side)],
    ['type', enumWord(OrderTypeSchema, order.type)],
    ['time in force', enumName(TimeInForceSchema, order.timeInForce)],
    ['quantity', order.quantity],
    ['limit', order.limitPrice],
    ['stop', order.stopPrice],
    ['trail', order.trailPercent === '' ? order.trailAmount : `${order.trailPercent}%`],
    ['trails from', order.trailReferencePrice],
    ['display', order.displayQuantity],
    ['minimum', order.minimumQuantity],
    ['expires', timeWord(order.expireTime)],
    ['session', order.sessionId],
    ['triggered', timeWord(order.triggerTime)],
    ['status', statusWords(order)],
    ['filled', order.filledQuantity],
    ['average price', order.averageFillPrice],
    ['fees', order.fees],
    ['revision', order.revision > 1 ? String(order.revision) : ''],
    ['list', order.listId === '' ? '' : `${order.listId}, order ${order.listIndex + 1}`],
    ['placed', timeWord(order.createTime)],
    ['changed', timeWord(order.updateTime)],
  ];
}

/** The status with why it is so. */
export function statusWords({ status, refusal, cancelReason, cancelRequested, waiting }: Order): string {
  const word = enumWord(OrderStatusSchema, status);
  if (refusal !== undefined) return `${word}: ${enumName(ErrorReasonSchema, refusal.reason)}`;
  if (status === OrderStatus.CANCELLED && cancelReason !== 0) {
    return `${word}: ${enumWord(OrderCancelReasonSchema, cancelReason)}`;
  }
  const now = waiting ? `${word}, waiting` : word;
  return cancelRequested ? `${now}, cancel requested` : now;
}
