import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  CancelOrderResultSchema,
  CancelOrdersRequest,
  CancelOrdersResponseSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import type { Order } from '../domain/order.ts';
import { cancelOrder } from '../saga/cancel-order.ts';
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
  const cancelOf = (orderId: string) => cancelOne(deps, () => findOrder(deps, orderId, context), context);
  const outcomes = new Map([...new Set(orderIds)].map((orderId) => [orderId, cancelOf(orderId)]));
  const results = orderIds.map((orderId) => outcomes.get(orderId) ?? cancelOf(orderId));
  return { results: await Promise.all(results) };
}

/** The result of one cancel, of the order that `find` resolves to or rejects for; never rejects. */
export async function cancelOne(
  deps: OrderDeps,
  find: () => Promise<Order>,
  context: CallContext,
): Promise<MessageInitShape<typeof CancelOrderResultSchema>> {
  try {
    const order = await cancelOrder(deps, await find(), context.deadlineTimeMs);
    return { outcome: { case: 'order', value: toOrder(order) } };
  } catch (error) {
    return { outcome: { case: 'error', value: toItemError(error, context) } };
  }
}
