import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { GetOrderRequest, GetOrderResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { OrderDeps } from '../deps.ts';
import type { Order } from '../domain/order.ts';
import { whenDecided } from '../saga/when-decided.ts';
import { findOrdersByKey } from '../store/find-orders-by-key.ts';
import { findOrder } from './messages/owner.ts';
import { toTrailedOrders } from './messages/trailed-orders.ts';

/** GetOrder: by id, or by the caller's own key. Throws KEY_NOT_FOUND when nothing was placed under the key. */
export async function getOrder(
  deps: OrderDeps,
  { orderId, clientOrderId }: GetOrderRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof GetOrderResponseSchema>> {
  if (orderId !== '') {
    const found = await findOrder(deps, orderId, context);
    return answer(deps, found, context);
  }
  return answer(deps, await findOwnByKey(deps, clientOrderId, context), context);
}

/** The caller's own order of a key. Throws KEY_NOT_FOUND when nothing was placed under it. */
export async function findOwnByKey(
  { db }: Pick<OrderDeps, 'db'>,
  clientOrderId: string,
  context: CallContext,
): Promise<Order> {
  const { userId } = requireUser(context);
  const key = { accountId: userId, clientOrderId: readKey(clientOrderId, 'client_order_id') };
  const [order] = await findOrdersByKey(db, [key]);
  if (order === undefined) throw notFound(ErrorReason.KEY_NOT_FOUND, 'nothing was placed under this key');
  return order;
}

async function answer(deps: OrderDeps, found: Order, context: CallContext) {
  const [order] = await toTrailedOrders(deps, [await whenDecided(deps, found, context)]);
  return { order };
}
