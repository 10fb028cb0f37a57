/** Cancels of own orders: "cancelling" at once, then always the outcome. */
import { signal } from '@preact/signals';
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { alertNow, announce } from '../frame/announce.ts';
import { orders } from '../rpc/clients.ts';
import { failureOf, failureText } from '../rpc/failure.ts';
import { takeOrder } from '../store/own-orders.ts';
import { newKey } from './client-key.ts';

/** Orders whose cancel was sent and has no answer yet. */
export const cancelling = signal<ReadonlySet<string>>(new Set());

/** Cancels these orders, which belong together. */
export async function cancelOrders(targets: readonly Pick<Order, 'orderId'>[]): Promise<void> {
  const ids = targets.map(({ orderId }) => orderId).filter((id) => !cancelling.peek().has(id));
  if (ids.length === 0) return;
  cancelling.value = new Set([...cancelling.peek(), ...ids]);
  try {
    const { results } = await orders.cancelOrders({ orderIds: ids });
    for (const { outcome } of results) {
      if (outcome.case === 'order') takeOrder(outcome.value);
    }
    announce(ids.length === 1 ? 'Order cancelled.' : `${ids.length} orders cancelled.`);
  } catch (error) {
    alertNow(`Not cancelled: ${failureText(failureOf(error))}`);
  } finally {
    cancelling.value = new Set([...cancelling.peek()].filter((id) => !ids.includes(id)));
  }
}

/** Cancels all open orders, or all of a symbol. Rejects where the outcome is not known. */
export async function cancelAll(symbol: string): Promise<void> {
  const { requestedCount } = await orders.cancelAllOrders({ symbol, idempotencyKey: newKey() });
  announce(`${requestedCount} orders cancelled.`);
}
