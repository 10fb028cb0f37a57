/** Places the orders of automations. */
import type { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { reasonName, toOutcryError } from '#platform/errors/details.ts';
import { parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { OrderDraft } from '../domain/order-draft.ts';
import type { PlacementResult } from '../domain/run.ts';
import { toOrderTerms } from '../rpc/messages/order-terms.ts';

/** An order, and the key under which it is placed once. */
export type KeyedOrder = { accountId: string; clientOrderId: string; order: OrderDraft };

const timeoutMs = 5_000;

/** Codes after which the outcome is unknown, so the same key is sent again. All other codes are a refusal. */
const unknownOutcomeCodes: ReadonlySet<number> = new Set([
  Code.CANCELLED,
  Code.UNKNOWN,
  Code.DEADLINE_EXCEEDED,
  Code.RESOURCE_EXHAUSTED,
  Code.ABORTED,
  Code.INTERNAL,
  Code.UNAVAILABLE,
  Code.DATA_LOSS,
  Code.UNAUTHENTICATED,
]);

/** Places an order, or finds the outcome of one that was placed under its key. Takes 5 s at most, and never rejects. */
export async function placeKeyedOrder(
  orders: Pick<RpcClient<typeof OrderInternalService>, 'placeOrderFor'>,
  { accountId, clientOrderId, order: draft }: KeyedOrder,
): Promise<PlacementResult> {
  try {
    const { order } = await orders.placeOrderFor(
      { accountId, clientOrderId, terms: toOrderTerms(draft) },
      { timeoutMs },
    );
    const filledMicros = parseDecimal(order?.filledQuantity || '0', QUANTITY_SCALE);
    return { type: 'placed', orderId: order?.orderId ?? '', filledMicros };
  } catch (error) {
    const { code, reason, metadata } = toOutcryError(error);
    if (unknownOutcomeCodes.has(code)) return { type: 'unknown', reason: reasonName(reason) };
    return { type: 'refused', reason: reasonName(reason), metadata };
  }
}
