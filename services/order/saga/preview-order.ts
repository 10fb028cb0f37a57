import type { OrderDeps } from '../deps.ts';
import { admit } from '../domain/admission.ts';
import { type Order, ownRefusal, type Refusal } from '../domain/order.ts';
import { readCounters } from '../store/read-counters.ts';
import type { IntentRequest } from './place-intents.ts';
import { type OrderRequest, prepareIntent } from './prepare-intent.ts';

/** An order as it would be placed, and the refusal that it would meet now; undefined: none. */
export type PreviewedOrder = {
  order: Order;
  notionalMicros: bigint;
  /** Lots that it would buy or sell at the prices of the moment. */
  estimatedLots: bigint;
  refusal: Refusal | undefined;
};

/**
 * The outcome that an order would have now, without placing it. It asks for the same decisions as placing does, in the same sequence: the intent and its
 * admission, the ledger's hold, the exchange's checks. Throws as `prepareIntent`, and UNAVAILABLE when one of them cannot be asked.
 */
export async function previewOrder(deps: OrderDeps, request: OrderRequest): Promise<PreviewedOrder> {
  const intent = await prepareIntent(deps, request);
  const { order, notionalMicros, estimatedLots } = intent;
  return { order, notionalMicros, estimatedLots, refusal: await refusalOf(deps, intent) };
}

async function refusalOf(deps: OrderDeps, intent: IntentRequest): Promise<Refusal | undefined> {
  const { order, limits } = intent;
  const { counters, nowSecond } = await readCounters(deps.db, order.accountId);
  const admission = admit(counters, intent, nowSecond);
  if (admission.kind === 'refused') return admission.refusal;
  if (admission.kind === 'limited') {
    return { reason: 'ORDER_RATE_OVER_LIMIT', metadata: { limit: String(limits.ordersPerSecondMax) } };
  }
  const { refusal } = await deps.holds.preview(order);
  if (refusal !== undefined) return refusal;
  const answer = await deps.exchange.preview(order);
  return answer.refusal && ownRefusal(order, answer.refusal);
}
