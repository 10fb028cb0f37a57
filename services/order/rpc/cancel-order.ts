import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CancelOrderRequest, CancelOrderResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import { cancelOrder as cancel } from '../saga/cancel-order.ts';
import { toOrder } from './messages/order-message.ts';
import { findOrder } from './messages/owner.ts';

/** CancelOrder: answers once the exchange has cancelled, or with the request recorded while the order is pending. */
export async function cancelOrder(
  deps: OrderDeps,
  { orderId }: CancelOrderRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof CancelOrderResponseSchema>> {
  const order = await findOrder(deps, orderId, context);
  return { order: toOrder(await cancel(deps, order, context.deadlineTimeMs)) };
}
