import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { mayNameAnyOwner } from '#platform/auth/ownership.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { Saga } from '../../deps.ts';
import type { Order } from '../../domain/order.ts';

/** The order of an id, if it is the caller's to see. Throws ORDER_NOT_FOUND, also for another's order. */
export async function findOrder(saga: Saga, orderId: string, context: CallContext): Promise<Order> {
  const order = isUuidV7(orderId) ? await saga.reads.submit(orderId) : undefined;
  const { user } = context.caller;
  if (order && (order.accountId === user?.userId || mayNameAnyOwner(context))) return order;
  throw notFound(ErrorReason.ORDER_NOT_FOUND, 'there is no such order');
}
