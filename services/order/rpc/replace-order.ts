import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ReplaceOrderRequest, ReplaceOrderResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { OrderDeps } from '../deps.ts';
import { replaceOrder as replace } from '../saga/replace-order.ts';
import { fromChange } from './messages/change-message.ts';
import { toOrder } from './messages/order-message.ts';
import { orderNotFound } from './messages/owner.ts';
import { refusalError, termsFault } from './messages/reasons.ts';

/** ReplaceOrder: an order of the caller; answers once the exchange has changed it and the feed has brought that here. */
export async function replaceOrder(
  deps: OrderDeps,
  request: ReplaceOrderRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ReplaceOrderResponseSchema>> {
  const { userId: accountId } = requireUser(context);
  const { orderId, expectedRevision } = request;
  const key = readKey(request.idempotencyKey);
  if (expectedRevision < 0) throw invalidArgument('expected_revision', 'must be 0 or more');
  try {
    const change = fromChange(request);
    if (!isUuidV7(orderId)) throw orderNotFound();
    const { order, refusal } = await replace(deps, { accountId, orderId, key, expectedRevision, change }, context);
    if (refusal !== undefined) throw refusalError(refusal, order.orderId);
    return { order: toOrder(order) };
  } catch (error) {
    throw termsFault(error);
  }
}
