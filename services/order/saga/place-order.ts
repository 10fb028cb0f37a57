import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { alreadyExists, resourceExhausted } from '#platform/errors/outcry-error.ts';
import type { Saga } from '../deps.ts';
import type { Order } from '../domain/order.ts';
import { fingerprintOf } from '../domain/terms.ts';
import { TermsError } from '../domain/terms-error.ts';
import { driveOrder } from './drive-order.ts';
import { findByKey, type IntentRequest } from './place-intents.ts';
import { type OrderRequest, prepareIntent } from './prepare-intent.ts';
import { waitForOutcome } from './wait-for-outcome.ts';

/** An order that someone asks for, and until when they wait. */
export type PlaceRequest = OrderRequest & { deadlineTimeMs: number };

/**
 * Places an order, or joins the one that was placed under the same key, and returns it once its outcome is known; a refused
 * one is returned in state rejected. Throws KEY_REUSED, ORDER_RATE_OVER_LIMIT, what `prepareIntent` throws, and
 * UNAVAILABLE or DEADLINE_EXCEEDED when the order is kept and its outcome is not known in time.
 */
export async function placeOrder(saga: Saga, request: PlaceRequest): Promise<Order> {
  let intent: IntentRequest;
  try {
    intent = await prepareIntent(saga, request);
  } catch (error) {
    // What is refused by the moment's circumstances may have been placed before them: the first answer counts.
    const known =
      error instanceof TermsError ? undefined : await findByKey(saga.db, request.accountId, request.clientOrderId);
    if (known === undefined) throw error;
    return joinOrder(saga, known, request);
  }
  const result = await saga.intents.submit(intent);
  switch (result.kind) {
    case 'limited':
      throw rateLimited(intent.limits.ordersPerSecondMax);
    case 'exists':
      return joinOrder(saga, result.order, request);
    case 'refused':
      saga.metrics.placed('refused', result.order.refusal?.reason);
      return result.order;
    case 'placed': {
      const order = await driveOrder(saga, result.order, request.deadlineTimeMs);
      if (order.state === 'rejected') saga.metrics.placed('refused', order.refusal?.reason);
      else saga.metrics.placed('placed');
      return order;
    }
    default:
      return result satisfies never;
  }
}

/** The running or finished order of a key, once its outcome is known. */
async function joinOrder(saga: Saga, known: Order, request: PlaceRequest): Promise<Order> {
  if (known.fingerprint !== fingerprintOf(request.terms)) {
    throw alreadyExists(ErrorReason.KEY_REUSED, 'client_order_id was used before with other terms');
  }
  saga.metrics.placed('repeated');
  return waitForOutcome(saga, known, request.deadlineTimeMs);
}

function rateLimited(limit: number) {
  const metadata = { limit: String(limit) };
  const message = 'more orders in a second than the account may place';
  return resourceExhausted(ErrorReason.ORDER_RATE_OVER_LIMIT, message, { retryDelayMs: 1_000, metadata });
}
