import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { PlaceOrderForRequest, PlaceOrderForResponseSchema } from '#gen/outcry/order/v1/internal_pb.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { Saga } from '../deps.ts';
import { placeForAccount } from './place-order.ts';

/** PlaceOrderFor: an order that a person arranged beforehand. */
export async function placeOrderFor(
  saga: Saga,
  request: PlaceOrderForRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof PlaceOrderForResponseSchema>> {
  if (!isUuidV7(request.accountId)) throw notFound(ErrorReason.ACCOUNT_NOT_FOUND, 'there is no such account');
  return { order: await placeForAccount(saga, request, context) };
}
