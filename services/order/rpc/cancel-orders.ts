import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  CancelOrderResultSchema,
  CancelOrdersRequest,
  CancelOrdersResponseSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import { cancelOrder as cancel } from '../saga/cancel-order.ts';
import { toItemError } from './messages/item-error.ts';
import { toOrder } from './messages/order-message.ts';
import { findOrder } from './messages/owner.ts';

const idsMax = 100;

/** CancelOrders: orders of the caller, a result for each in their sequence. An id that is named twice is cancelled once. */
export async function cancelOrders(
  deps: OrderDeps,
  { orderIds }: CancelOrdersRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof CancelOrdersResponseSchema>> {
  if (orderIds.length === 0 || orderIds.length > idsMax) throw invalidArgument('order_ids', `must be 1 to ${idsMax}`);
  const outcomes = new Map([...new Set(orderIds)].map((orderId) => [orderId, cancelOne(deps, orderId, context)]));
  const results = orderIds.map((orderId) => outcomes.get(orderId) ?? cancelOne(deps, orderId, context));
  return { results: await Promise.all(results) };
}

/** The result of one cancel; never rejects. */
async function cancelOne(
  deps: OrderDeps,
  orderId: string,
  context: CallContext,
): Promise<MessageInitShape<typeof CancelOrderResultSchema>> {
  try {
    const order = await cancel(deps, await findOrder(deps, orderId, context), context.deadlineTimeMs);
    return { outcome: { case: 'order', value: toOrder(order) } };
  } catch (error) {
    return { outcome: { case: 'error', value: toItemError(error, context) } };
  }
}
