/** Amends of open orders, each in one call under its key; an order is never cancelled to be placed anew. */
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { parseMicros } from '../figures/decimal.ts';
import { alertNow, announce } from '../frame/announce.ts';
import { orders } from '../rpc/clients.ts';
import { personSignal } from '../rpc/session.ts';
import { takeOrder } from '../store/own-orders.ts';
import { newKey } from './client-key.ts';
import { notDoneText, untilKnown } from './until-known.ts';

/** What is changed; what is missing stays. */
export type Amendment = {
  quantity?: string;
  limitPrice?: string;
  stopPrice?: string;
  trailAmount?: string;
  trailPercent?: string;
};

/** Whether the order loses its place in the queue: at another price, or with more shares. */
export function losesPlace(order: Pick<Order, 'quantity' | 'limitPrice' | 'stopPrice'>, to: Amendment): boolean {
  const changed = (from: string, next: string | undefined) =>
    next !== undefined && parseMicros(next) !== parseMicros(from);
  const more = (parseMicros(to.quantity) ?? 0n) > (parseMicros(order.quantity) ?? 0n);
  return more || changed(order.limitPrice, to.limitPrice) || changed(order.stopPrice, to.stopPrice);
}

/** Amends an order as it was seen, under one key until the outcome is known. Returns why it was not amended; empty: it was. */
export async function amendOrder(seen: Order, to: Amendment): Promise<string> {
  const { orderId, revision: expectedRevision } = seen;
  const idempotencyKey = newKey();
  const until = personSignal();
  try {
    const replace = () => orders.replaceOrder({ orderId, idempotencyKey, expectedRevision, ...to });
    const { order } = await untilKnown('the amendment', replace, idempotencyKey);
    if (until.aborted) return '';
    if (order !== undefined) takeOrder(order);
    announce('Order amended.');
    return '';
  } catch (error) {
    const text = notDoneText('the amendment', error);
    if (!until.aborted) alertNow(text);
    return text;
  }
}
