import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CancelAllOrdersRequest, CancelAllOrdersResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { OrderDeps } from '../deps.ts';
import { cancelAllOrders as cancelAll } from '../saga/cancel-all-orders.ts';
import { readSide } from './messages/list-filters.ts';

/** CancelAllOrders: all of the caller's orders that are not final when the call comes, or those of a symbol or side. */
export async function cancelAllOrders(
  deps: OrderDeps,
  { symbol, side, idempotencyKey }: CancelAllOrdersRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof CancelAllOrdersResponseSchema>> {
  const { userId } = requireUser(context);
  const key = idempotencyKey === '' ? undefined : readKey(idempotencyKey);
  const { requested, unsent } = await cancelAll(deps, { accountId: userId, symbol, side: readSide(side), key });
  return { requestedCount: requested, unsentCount: unsent };
}
