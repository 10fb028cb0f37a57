/** Rows of open orders: an order, or a list of orders as one. */
import { type Order, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { ListType, OrderType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { figureText } from '../../figures/figure-text.ts';
import { statusText, typeText } from './order-text.ts';

/** A row: the order that stands for it, and all orders that belong to it. */
export type OpenRow = { key: string; order: Order; orders: readonly Order[] };

/** Rows in the sequence of the orders; the orders of a list are one row, which the first of them stands for. */
export function openRows(orders: readonly Order[]): OpenRow[] {
  const rows = new Map<string, Order[]>();
  for (const order of orders) {
    const key = order.listId || order.orderId;
    rows.set(key, [...(rows.get(key) ?? []), order]);
  }
  return [...rows].flatMap(([key, members]) => {
    const sorted = members.toSorted((a, b) => a.listIndex - b.listIndex);
    const [order] = sorted;
    return order === undefined ? [] : [{ key, order, orders: sorted }];
  });
}

const lists: Partial<Record<ListType, string>> = {
  [ListType.OCO]: 'OCO',
  [ListType.OTO]: 'Entry + exit',
  [ListType.BRACKET]: 'Bracket',
};

/** The type of a row, such as `Bracket`. */
export function rowTypeText({ order, orders }: OpenRow): string {
  return orders.length > 1 || order.listId !== '' ? (lists[order.listType] ?? 'List') : typeText(order.type);
}

/** The state of a row; of a list its legs, such as `entry 180.00, target 190.00, stop 170.00`. */
export function rowStateText(row: OpenRow, price: number): string {
  if (row.order.listId === '') return statusText(row.order);
  return row.orders.map((order) => legText(order, price)).join(', ');
}

/** An order of a list by what it is for, such as `target 190.00`. */
export function legText(order: Order, places: number): string {
  const isEntry = order.listIndex === 0 && order.listType !== ListType.OCO;
  const price = figureText(order.stopPrice || order.limitPrice, { places });
  const filled = order.status === OrderStatus.PARTIALLY_FILLED ? ' (partly filled)' : '';
  if (isEntry) return `entry ${price}${filled}`;
  if (order.type === OrderType.LIMIT) return `target ${price}${filled}`;
  const trail = order.trailPercent === '' ? figureText(order.trailAmount, { places }) : `${order.trailPercent} %`;
  return order.type === OrderType.TRAILING_STOP ? `trail ${trail}${filled}` : `stop ${price}${filled}`;
}
