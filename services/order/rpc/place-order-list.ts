import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PlaceOrderListRequest, PlaceOrderListResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { OrderDeps } from '../deps.ts';
import { placeList } from '../saga/place-list.ts';
import { fromListedOrders } from './messages/list-message.ts';
import { toPlacedOrder } from './messages/order-message.ts';
import { listRefusalError, termsFault } from './messages/reasons.ts';

/** PlaceOrderList: a list of the caller's own. Throws the refusal of a rejected one. */
export async function placeOrderList(
  deps: OrderDeps,
  request: PlaceOrderListRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof PlaceOrderListResponseSchema>> {
  const { userId: accountId } = requireUser(context);
  const clientListId = readKey(request.clientListId, 'client_list_id');
  try {
    const list = fromListedOrders(request.type, request.orders);
    const legs = await placeList(deps, { accountId, clientListId, ...list, call: context });
    const [{ state, refusal, leg }] = legs;
    if (state === 'rejected' && refusal) throw listRefusalError(refusal, leg.listId);
    return { listId: leg.listId, orders: legs.map(toPlacedOrder) };
  } catch (error) {
    throw termsFault(error);
  }
}
