import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { GetOrderRequest, GetOrderResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { Saga } from '../deps.ts';
import { findByKey } from '../saga/place-intents.ts';
import { findOrder } from './messages/find-order.ts';
import { toOrder } from './messages/order-message.ts';

/** GetOrder: by id, or by the caller's own key. Throws KEY_NOT_FOUND when nothing was placed under the key. */
export async function getOrder(
  saga: Saga,
  { orderId, clientOrderId }: GetOrderRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof GetOrderResponseSchema>> {
  if (orderId !== '') return { order: toOrder(await findOrder(saga, orderId, context)) };
  const { userId } = requireUser(context);
  const order = await findByKey(saga.db, userId, readKey(clientOrderId, 'client_order_id'));
  if (order === undefined) throw notFound(ErrorReason.KEY_NOT_FOUND, 'nothing was placed under this key');
  return { order: toOrder(order) };
}
