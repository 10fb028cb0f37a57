import type { OrderDeps } from '../deps.ts';
import { admit } from '../domain/admission.ts';
import { type ListLegs, orderedLots } from '../domain/list-legs.ts';
import { ownRefusal, type Refusal } from '../domain/order.ts';
import { readCounters } from '../store/read-counters.ts';
import type { ListIntent } from './place-list-intents.ts';
import { type ListRequest, prepareList } from './prepare-list.ts';

/** A list as it would be placed, and the refusal that it would meet now; undefined: none. */
export type PreviewedList = { legs: ListLegs; refusal: Refusal | undefined };

/** The outcome that a list would have now, without placing it, by the decisions that placing asks for. Throws as `prepareList`. */
export async function previewList(deps: OrderDeps, request: Omit<ListRequest, 'clientListId'>): Promise<PreviewedList> {
  const intent = await prepareList(deps, { ...request, clientListId: '' });
  return { legs: intent.legs, refusal: await refusalOf(deps, intent) };
}

async function refusalOf(deps: OrderDeps, intent: ListIntent): Promise<Refusal | undefined> {
  const { legs, limits, list } = intent;
  const { counters, nowSecond } = await readCounters(deps.db, list.accountId);
  const admission = admit(counters, { ...intent, orders: legs.length }, nowSecond);
  if (admission.kind === 'refused') return admission.refusal;
  if (admission.kind === 'limited') {
    return { reason: 'ORDER_RATE_OVER_LIMIT', metadata: { limit: String(limits.ordersPerSecondMax) } };
  }
  const { refusal } = await deps.holds.previewList(legs);
  if (refusal !== undefined) return refusal;
  // The exchange refuses a list for the first reason that one of its orders has by itself.
  for (const leg of legs) {
    const answer = await deps.exchange.preview({ ...leg, quantityLots: orderedLots(legs) });
    if (answer.refusal !== undefined) return ownRefusal(leg, answer.refusal);
  }
  return undefined;
}
