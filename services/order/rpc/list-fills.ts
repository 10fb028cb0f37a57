import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListFillsRequest, ListFillsResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import { numberCursor } from '#platform/paging/token.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import { listFills as readFills } from '../store/list-fills.ts';
import { toFill } from './messages/order-message.ts';
import { accountOf, findOrder, orderNotFound } from './messages/owner.ts';

/** ListFills: an account's fills, or one order's, newest first. */
export async function listFills(
  deps: OrderDeps,
  request: ListFillsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListFillsResponseSchema>> {
  const accountId = accountOf(context, request.accountId);
  const orderId = request.orderId === '' ? undefined : request.orderId;
  if (orderId !== undefined && (await findOrder(deps, orderId, context)).accountId !== accountId) {
    throw orderNotFound();
  }
  const list = ['fills', accountId, request.orderId].join(' ');
  const { cursor, limit } = readPage(request, { list, cursor: numberCursor });
  const beforeSequence = cursor === undefined ? undefined : BigInt(cursor);
  const found = await readFills(deps.db, { accountId, orderId, beforeSequence }, limit + 1);
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: (fill) => String(fill.changeSequence) });
  return { fills: rows.map(toFill), nextPageToken };
}
