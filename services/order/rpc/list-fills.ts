import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { ListFillsRequest, ListFillsResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import { numberCursor } from '#platform/paging/token.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { Saga } from '../deps.ts';
import { listFills as readFills } from '../store/list-fills.ts';
import { accountOf } from './messages/account-of.ts';
import { findOrder } from './messages/find-order.ts';
import { toFill } from './messages/order-message.ts';

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
  const list = ['fills', accountId, request.orderId].join(' ');
  const { cursor, limit } = readPage(request, { list, cursor: numberCursor });
  const beforeSequence = cursor === undefined ? undefined : BigInt(cursor);
  const found = await readFills(saga.db, { accountId, orderId, beforeSequence }, limit + 1);
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: (fill) => String(fill.changeSequence) });
  return { fills: rows.map(toFill), nextPageToken };
}
