import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { alreadyExists } from '#platform/errors/outcry-error.ts';
import type { OrderDeps } from '../deps.ts';
import { isListImmediate, type ListLegs, toListLegs } from '../domain/list-legs.ts';
import { listFingerprintOf } from '../domain/list-terms.ts';
import type { OrderList } from '../domain/order-list.ts';
import { findListsByKey, readLegs } from '../store/lists.ts';
import { type CallEnd, CallTime } from './call-time.ts';
import { driveList, waitForListOutcome } from './drive-list.ts';
import type { ListIntent } from './place-list-intents.ts';
import { whenStored } from './place-order.ts';
import { type ListRequest, prepareList } from './prepare-list.ts';
import { rateLimited } from './rate-limited.ts';

/** A list to place, and the call that waits for it. */
export type PlaceListRequest = ListRequest & { call: CallEnd };

/**
 * Places a list, or joins the one that was placed under the same key, and returns it once the outcome of all its orders is known; those of a refused
 * one are rejected. Throws KEY_REUSED, also when an order of it has the key of another order, ORDER_RATE_OVER_LIMIT, what `prepareList` throws,
 * and UNAVAILABLE or DEADLINE_EXCEEDED when the list is stored and its outcome is not known in time.
 */
export async function placeList(deps: OrderDeps, request: PlaceListRequest): Promise<ListLegs> {
  const time = new CallTime(deps, request.call);
  let intent: ListIntent;
  try {
    intent = await prepareList(deps, request);
  } catch (error) {
    // A price, an account state or a limit of the moment does not matter to a list that was placed before: its first answer counts.
    const [known] = await findListsByKey(deps.db, [request]);
    if (known === undefined) throw error;
    return joinList(deps, known, request, time);
  }
  const storeTime = isListImmediate(intent.legs) ? time.forTheMoment() : time;
  const result = await whenStored(deps.placeListIntent.enqueue(intent, storeTime));
  switch (result.kind) {
    case 'limited':
      throw rateLimited(intent.limits.ordersPerSecondMax);
    case 'key-taken':
      throw keyReused('client_order_id was used before by another order', { client_order_id: result.clientOrderId });
    case 'exists':
      return joinList(deps, result.list, request, time);
    case 'refused':
      return counted(deps, result.legs);
    case 'placed':
      return counted(deps, await driveList(deps, result.legs, time));
    default:
      return result satisfies never;
  }
}

/** The list that was placed under the key before, once its outcome is known. */
async function joinList(
  deps: OrderDeps,
  known: OrderList,
  { type, legs }: ListRequest,
  time: CallTime,
): Promise<ListLegs> {
  if (known.fingerprint !== listFingerprintOf(type, legs)) {
    throw keyReused('client_list_id was used before with another list');
  }
  const stored = toListLegs(await readLegs(deps.db, known.listId));
  deps.metrics.placed('repeated');
  return waitForListOutcome(deps, stored, time);
}

function counted({ metrics }: OrderDeps, legs: ListLegs): ListLegs {
  for (const { state, refusal } of legs) {
    if (state === 'rejected') metrics.placed('refused', refusal?.reason);
    else metrics.placed('placed');
  }
  return legs;
}

function keyReused(message: string, metadata: Record<string, string> = {}) {
  return alreadyExists(ErrorReason.KEY_REUSED, message, metadata);
}
