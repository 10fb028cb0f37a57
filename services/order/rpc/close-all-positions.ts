import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  CloseAllPositionsRequest,
  CloseAllPositionsResponseSchema,
  ClosePositionResultSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { OrderDeps } from '../deps.ts';
import { type ClosedPosition, closeAllPositions as closeAll } from '../saga/close-all-positions.ts';
import { toItemError } from './messages/item-error.ts';
import { toPlacedOrder } from './messages/order-message.ts';
import { closeFault, refusalError } from './messages/reasons.ts';

/** CloseAllPositions: sells all that the caller has, a result for each symbol. */
export async function closeAllPositions(
  deps: OrderDeps,
  { idempotencyKey, cancelOrders }: CloseAllPositionsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof CloseAllPositionsResponseSchema>> {
  const { userId: accountId } = requireUser(context);
  const request = { accountId, key: readKey(idempotencyKey), cancelOrders, call: context };
  const { closed, leftCount } = await closeAll(deps, request);
  return { results: closed.map((one) => toResult(one, context)), leftCount };
}

function toResult(
  { symbol, outcome }: ClosedPosition,
  context: CallContext,
): MessageInitShape<typeof ClosePositionResultSchema> {
  const failed = (error: unknown) => ({ case: 'error' as const, value: toItemError(closeFault(error), context) });
  if ('error' in outcome) return { symbol, outcome: failed(outcome.error) };
  const { order } = outcome;
  const { refusal } = order;
  if (order.state === 'rejected' && refusal) return { symbol, outcome: failed(refusalError(refusal, order.orderId)) };
  return { symbol, outcome: { case: 'order', value: toPlacedOrder(order) } };
}
