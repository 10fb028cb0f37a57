import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CancelAllOrdersRequest, CancelAllOrdersResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import { isFinal } from '../domain/order-state.ts';
import { requestCancels, sendCancel } from '../saga/cancel-order.ts';
import { listOrders } from '../store/list-orders.ts';

const ordersMax = 1_000;

/** CancelAllOrders: records every request first, then cancels what is open; pending orders are cancelled once their outcome is known. */
export async function cancelAllOrders(
  deps: OrderDeps,
  { symbol }: CancelAllOrdersRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof CancelAllOrdersResponseSchema>> {
  const { userId } = requireUser(context);
  const filter = { accountId: userId, symbol, openOnly: true, beforeSequence: undefined };
  const open = await listOrders(deps.db, filter, ordersMax);
  if (open.length === 0) return { requestedCount: 0 };
  const requested = (await requestCancels(deps, open)).filter((order) => order !== undefined);
  await Promise.all(requested.filter(({ state }) => state === 'open').map((order) => sendCancel(deps, order)));
  return { requestedCount: requested.filter((order) => !isFinal(order)).length };
}
