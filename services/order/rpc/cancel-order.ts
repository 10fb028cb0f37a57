import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CancelOrderRequest, CancelOrderResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { Saga } from '../deps.ts';
import { cancelOrder as cancel } from '../saga/cancel-order.ts';
import { findOrder } from './messages/find-order.ts';
import { toOrder } from './messages/order-message.ts';

/** CancelOrder: answers once the exchange has, or with the wish kept when the order is still on its way. */
export async function cancelOrder(
  saga: Saga,
  { orderId }: CancelOrderRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof CancelOrderResponseSchema>> {
  const order = await findOrder(saga, orderId, context);
  return { order: toOrder(await cancel(saga, order, context.deadlineTimeMs)) };
}
