import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { ListFillsRequest, ListFillsResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { Saga } from '../saga/saga.ts';
import { listFills as list } from '../store/list-fills.ts';
import { toFill } from '../wire/order-message.ts';
import { decodeToken, encodeToken, pageSizeOf } from '../wire/page-token.ts';
import { accountOf } from './account-of.ts';
import { findOrder } from './find-order.ts';

/** ListFills: an account's fills, or one order's, newest first. */
export async function listFills(
  saga: Saga,
  request: ListFillsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListFillsResponseSchema>> {
  const accountId = accountOf(context, request.accountId);
  const orderId = request.orderId === '' ? undefined : request.orderId;
  if (orderId !== undefined && (await findOrder(saga, orderId, context)).accountId !== accountId) {
    throw notFound(ErrorReason.ORDER_NOT_FOUND, 'there is no such order');
  }
  const pageSize = pageSizeOf(request.pageSize);
  const scope = ['fills', accountId, request.orderId].join(' ');
  const beforeSequence = request.pageToken === '' ? undefined : decodeToken('page_token', scope, request.pageToken);
  const found = await list(saga.db, { accountId, orderId, beforeSequence }, pageSize + 1);
  const fills = found.slice(0, pageSize);
  const last = found.length > pageSize ? fills.at(-1) : undefined;
  return { fills: fills.map(toFill), nextPageToken: last ? encodeToken(scope, last.changeSequence) : '' };
}
