import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { alreadyExists, deadlineExceeded, OutcryError } from '#platform/errors/outcry-error.ts';
import type { OrderDeps } from '../deps.ts';
import { isImmediate, type Order } from '../domain/order.ts';
import { findOrdersByKey } from '../store/find-orders-by-key.ts';
import { type CallEnd, CallTime } from './call-time.ts';
import { driveOrder, waitForOutcome } from './drive-order.ts';
import type { IntentRequest } from './place-intents.ts';
import { type OrderRequest, prepareIntent, requestFingerprint } from './prepare-intent.ts';
import { rateLimited } from './rate-limited.ts';

/** An order to place, and the call that waits for it. */
export type PlaceRequest = OrderRequest & { call: CallEnd };

/**
 * Places an order, or joins the one that was placed under the same key, and returns it once its outcome is known; a refused one is returned
 * in state rejected. Throws KEY_REUSED, ORDER_RATE_OVER_LIMIT, what `prepareIntent` throws, and UNAVAILABLE or DEADLINE_EXCEEDED when the
 * order is stored and its outcome is not known in time.
 */
export async function placeOrder(deps: OrderDeps, request: PlaceRequest): Promise<Order> {
  const time = new CallTime(deps, request.call);
  let intent: IntentRequest;
  try {
    intent = await prepareIntent(deps, request);
  } catch (error) {
    // A price, an account state or a limit of the moment does not matter to an order that was placed before: its first answer counts.
    const [known] = await findOrdersByKey(deps.db, [request]);
    if (known === undefined) throw error;
    return joinOrder(deps, known, requestFingerprint(request), time);
  }
  const storeTime = isImmediate(intent.order) ? time.forTheMoment() : time;
  const result = await whenStored(deps.placeIntent.enqueue(intent, storeTime));
  switch (result.kind) {
    case 'limited':
      throw rateLimited(intent.limits.ordersPerSecondMax);
    case 'exists':
      return joinOrder(deps, result.order, requestFingerprint(request), time);
    case 'refused':
      deps.metrics.placed('refused', result.order.refusal?.reason);
      return result.order;
    case 'placed': {
      const order = await driveOrder(deps, result.order, time);
      if (order.state === 'rejected') deps.metrics.placed('refused', order.refusal?.reason);
      else deps.metrics.placed('placed');
      if (order.filledLots > 0n) deps.metrics.filledAtOnce();
      return order;
    }
    default:
      return result satisfies never;
  }
}

/** What is stored, unless it was taken out of the queue as the time was over before its turn came: then there is no such order. */
export async function whenStored<R>(stored: Promise<R>): Promise<R> {
  try {
    return await stored;
  } catch (error) {
    const isWithdrawn = error instanceof OutcryError && error.code === Code.CANCELLED;
    throw isWithdrawn ? deadlineExceeded(undefined, 'there was no time left to store the order') : error;
  }
}

/** The order that was placed under the key before, once its outcome is known. Throws KEY_REUSED when it was placed with another fingerprint. */
export async function joinOrder(deps: OrderDeps, known: Order, fingerprint: string, time: CallTime): Promise<Order> {
  if (known.fingerprint !== fingerprint) {
    throw alreadyExists(ErrorReason.KEY_REUSED, 'client_order_id was used before with other terms');
  }
  deps.metrics.placed('repeated');
  return waitForOutcome(deps, known, time);
}
