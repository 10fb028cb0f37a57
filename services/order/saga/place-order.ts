import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { alreadyExists, resourceExhausted } from '#platform/errors/outcry-error.ts';
import type { OrderDeps } from '../deps.ts';
import type { Order } from '../domain/order.ts';
import { fingerprintOf } from '../domain/terms.ts';
import { findOrdersByKey } from '../store/find-orders-by-key.ts';
import { driveOrder, waitForOutcome } from './drive-order.ts';
import type { IntentRequest } from './place-intents.ts';
import { type OrderRequest, prepareIntent } from './prepare-intent.ts';

/** An order to place, and the time until which its caller waits, in Unix milliseconds. */
export type PlaceRequest = OrderRequest & { deadlineTimeMs: number };

/**
 * Places an order, or joins the one that was placed under the same key, and returns it once its outcome is known; a refused one is returned
 * in state rejected. Throws KEY_REUSED, ORDER_RATE_OVER_LIMIT, what `prepareIntent` throws, and UNAVAILABLE or DEADLINE_EXCEEDED when the
 * order is stored and its outcome is not known in time.
 */
export async function placeOrder(deps: OrderDeps, request: PlaceRequest): Promise<Order> {
  let intent: IntentRequest;
  try {
    intent = await prepareIntent(deps, request);
  } catch (error) {
    // A price, an account state or a limit of the moment does not matter to an order that was placed before: its first answer counts.
    const [known] = await findOrdersByKey(deps.db, [request]);
    if (known === undefined) throw error;
    return joinOrder(deps, known, request);
  }
  const result = await deps.placeIntent.enqueue(intent);
  switch (result.kind) {
    case 'limited':
      throw rateLimited(intent.limits.ordersPerSecondMax);
    case 'exists':
      return joinOrder(deps, result.order, request);
    case 'refused':
      deps.metrics.placed('refused', result.order.refusal?.reason);
      return result.order;
    case 'placed': {
      const order = await driveOrder(deps, result.order, request.deadlineTimeMs);
      if (order.state === 'rejected') deps.metrics.placed('refused', order.refusal?.reason);
      else deps.metrics.placed('placed');
      return order;
    }
    default:
      return result satisfies never;
  }
}

/** The order that was placed under the key before, once its outcome is known. */
async function joinOrder(deps: OrderDeps, known: Order, request: PlaceRequest): Promise<Order> {
  if (known.fingerprint !== fingerprintOf(request.terms)) {
    throw alreadyExists(ErrorReason.KEY_REUSED, 'client_order_id was used before with other terms');
  }
  deps.metrics.placed('repeated');
  return waitForOutcome(deps, known, request.deadlineTimeMs);
}

function rateLimited(limit: number) {
  const metadata = { limit: String(limit) };
  const message = 'more orders in a second than the account may place';
  return resourceExhausted(ErrorReason.ORDER_RATE_OVER_LIMIT, message, { retryDelayMs: 1_000, metadata });
}
