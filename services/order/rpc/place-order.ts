import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  OrderSchema,
  OrderTerms,
  PlaceOrderRequest,
  PlaceOrderResponseSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { OrderDeps } from '../deps.ts';
import { placeOrder as place } from '../saga/place-order.ts';
import { toPlacedOrder } from './messages/order-message.ts';
import { refusalError, termsFault } from './messages/reasons.ts';
import { fromTerms } from './messages/terms-message.ts';

/** PlaceOrder: the caller's own order. */
export async function placeOrder(
  deps: OrderDeps,
  request: PlaceOrderRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof PlaceOrderResponseSchema>> {
  const { userId } = requireUser(context);
  return { order: await placeForAccount(deps, { ...request, accountId: userId }, context) };
}

/** Places an order for an account. Throws the refusal of a rejected one. */
export async function placeForAccount(
  deps: OrderDeps,
  request: { accountId: string; clientOrderId: string; terms?: OrderTerms },
  call: Pick<CallContext, 'deadlineTimeMs' | 'ended'>,
): Promise<MessageInitShape<typeof OrderSchema>> {
  const { accountId } = request;
  const clientOrderId = readKey(request.clientOrderId, 'client_order_id');
  try {
    const terms = fromTerms(request.terms);
    const order = await place(deps, { accountId, clientOrderId, terms, call });
    if (order.state === 'rejected' && order.refusal) throw refusalError(order.refusal, order.orderId);
    return toPlacedOrder(order);
  } catch (error) {
    throw termsFault(error);
  }
}
