/** Whose account and whose order a request names. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { mayNameAnyOwner, resolveAccountId } from '#platform/auth/ownership.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { Order } from '../../domain/order.ts';

/** Where orders are found by id. */
type OrderSource = { readOrder: { load(orderId: string): Promise<Order | undefined> } };

/** The account of a request. Throws ACCOUNT_NOT_FOUND for a malformed id and for an account that the caller may not see. */
export function accountOf(context: CallContext, requested: string): string {
  return readAccountId(resolveAccountId(context, requested));
}

/** A well-formed account id. Throws ACCOUNT_NOT_FOUND for any other text. */
export function readAccountId(accountId: string): string {
  if (!isUuidV7(accountId)) throw notFound(ErrorReason.ACCOUNT_NOT_FOUND, 'there is no such account');
  return accountId;
}

/** The order of an id. Throws ORDER_NOT_FOUND also for an order that the caller may not see. */
export async function findOrder({ readOrder }: OrderSource, orderId: string, context: CallContext): Promise<Order> {
  const order = isUuidV7(orderId) ? await readOrder.load(orderId) : undefined;
  const { user } = context.caller;
  if (order && (order.accountId === user?.userId || mayNameAnyOwner(context))) return order;
  throw orderNotFound();
}

/** ORDER_NOT_FOUND. */
export function orderNotFound() {
  return notFound(ErrorReason.ORDER_NOT_FOUND, 'there is no such order');
}
