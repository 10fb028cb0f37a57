/** Cancels of own orders: "cancelling" at once, then always the outcome. */
import { signal } from '@preact/signals';
import type { CancelOrderResult, Order } from '#gen/outcry/order/v1/order_pb.ts';
import { announce } from '../frame/announce.ts';
import { showNow } from '../frame/notices.ts';
import { orders } from '../rpc/clients.ts';
import { sentence } from '../rpc/failure.ts';
import { personSignal } from '../rpc/session.ts';
import { takeOrder } from '../store/own-orders.ts';
import { newKey } from './client-key.ts';
import { notDoneText, untilKnown } from './until-known.ts';

const idsMax = 100;

/** Orders whose cancel was sent and has no answer yet. */
export const cancelling = signal<ReadonlySet<string>>(new Set());

/** Cancels these orders, which belong together; of more than 100 the first 100. Never rejects: what was not cancelled is shown. */
export async function cancelOrders(targets: readonly Pick<Order, 'orderId'>[]): Promise<void> {
  const ids = targets
    .map(({ orderId }) => orderId)
    .filter((id) => !cancelling.peek().has(id))
    .slice(0, idsMax);
  if (ids.length === 0) return;
  const [until, key] = [personSignal(), ids.join()];
  cancelling.value = new Set([...cancelling.peek(), ...ids]);
  const act = ids.length === 1 ? 'cancel of an order' : `cancel of ${ids.length} orders`;
  try {
    const { results } = await untilKnown(act, () => orders.cancelOrders({ orderIds: ids }), key);
    if (!until.aborted) showOutcome(results, key);
  } catch (error) {
    if (!until.aborted) showNow(notDoneText(act, error), key);
  } finally {
    cancelling.value = new Set([...cancelling.peek()].filter((id) => !ids.includes(id)));
  }
}

function showOutcome(results: readonly CancelOrderResult[], key: string): void {
  const problems: string[] = [];
  for (const { outcome } of results) {
    if (outcome.case === 'order') takeOrder(outcome.value);
    else problems.push(outcome.value?.message ?? 'there was no outcome');
  }
  const done = results.length - problems.length;
  const [first] = problems;
  if (first === undefined) announce(done === 1 ? 'Order cancelled.' : `${done} orders cancelled.`);
  else if (results.length === 1) showNow(`Not cancelled: ${sentence(first)}`, key);
  else showNow(`${done} of ${results.length} orders cancelled. The others: ${sentence(first)}`, key);
}

/** Cancels all open orders, or all of a symbol. Never rejects: what was not done is shown. */
export async function cancelAll(symbol: string): Promise<void> {
  const act = symbol === '' ? 'cancel of all orders' : `cancel of all orders of ${symbol}`;
  const idempotencyKey = newKey();
  const until = personSignal();
  try {
    const { requestedCount } = await untilKnown(
      act,
      () => orders.cancelAllOrders({ symbol, idempotencyKey }),
      idempotencyKey,
    );
    if (!until.aborted) announce(`Cancels requested: ${requestedCount}.`);
  } catch (error) {
    if (!until.aborted) showNow(notDoneText(act, error), idempotencyKey);
  }
}
