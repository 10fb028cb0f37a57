import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PlaceOrderForRequest, PlaceOrderForResponseSchema } from '#gen/outcry/order/v1/internal_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import { readAccountId } from './messages/owner.ts';
import { placeForAccount } from './place-order.ts';

/** PlaceOrderFor: an order that a person arranged beforehand. */
export async function placeOrderFor(
  deps: OrderDeps,
  request: PlaceOrderForRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof PlaceOrderForResponseSchema>> {
  const accountId = readAccountId(request.accountId);
  return { order: await placeForAccount(deps, { ...request, accountId }, context) };
}
