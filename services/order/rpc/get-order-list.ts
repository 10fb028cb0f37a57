import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { GetOrderListRequest, GetOrderListResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { mayNameAnyOwner, requireUser } from '#platform/auth/ownership.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { OrderDeps } from '../deps.ts';
import type { OrderList } from '../domain/order-list.ts';
import { readDecided } from '../saga/when-decided.ts';
import { findListsByKey, readLegs, readList } from '../store/lists.ts';
import { toListType } from './messages/enums.ts';
import { orderNotFound } from './messages/owner.ts';
import { toTrailedOrders } from './messages/trailed-orders.ts';

/** GetOrderList: by id, or by the caller's own key. Throws ORDER_NOT_FOUND, and KEY_NOT_FOUND when nothing was placed under the key. */
export async function getOrderList(
  deps: OrderDeps,
  request: GetOrderListRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof GetOrderListResponseSchema>> {
  const { listId, clientListId, type } =
    request.listId === ''
      ? await findByKey(deps, request.clientListId, context)
      : await findById(deps, request.listId, context);
  const legs = await readDecided(
    deps,
    context,
    () => readLegs(deps.db, listId),
    (orders) => orders,
  );
  return { listId, clientListId, type: toListType[type], orders: await toTrailedOrders(deps, legs) };
}

async function findById({ db }: OrderDeps, listId: string, context: CallContext): Promise<OrderList> {
  const list = isUuidV7(listId) ? await readList(db, listId) : undefined;
  const { user } = context.caller;
  if (list && (list.accountId === user?.userId || mayNameAnyOwner(context))) return list;
  throw orderNotFound();
}

async function findByKey({ db }: OrderDeps, key: string, context: CallContext): Promise<OrderList> {
  const { userId: accountId } = requireUser(context);
  const [list] = await findListsByKey(db, [{ accountId, clientListId: readKey(key, 'client_list_id') }]);
  if (list === undefined) throw notFound(ErrorReason.KEY_NOT_FOUND, 'nothing was placed under this key');
  return list;
}
