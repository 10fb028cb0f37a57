import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CancelAllOrdersRequest, CancelAllOrdersResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { Saga } from '../deps.ts';
import { isFinal } from '../domain/order.ts';
import { carryOutCancel, requestCancels } from '../saga/cancel-order.ts';
import { listOrders } from '../store/list-orders.ts';

const ordersMax = 1_000;

/** CancelAllOrders: keeps every wish first, then sends those that can be sent; the rest follow when their outcome is known. */
export async function cancelAllOrders(
  saga: Saga,
  { symbol }: CancelAllOrdersRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof CancelAllOrdersResponseSchema>> {
  const { userId } = requireUser(context);
  const filter = { accountId: userId, symbol, openOnly: true, beforeSequence: undefined };
  const open = await listOrders(saga.db, filter, ordersMax);
  if (open.length === 0) return { requestedCount: 0 };
  const requested = (await requestCancels(saga, open)).filter((order) => order !== undefined);
  await Promise.all(requested.filter(({ state }) => state === 'open').map((order) => carryOutCancel(saga, order)));
  return { requestedCount: requested.filter((order) => !isFinal(order)).length };
}
