import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListOrdersRequest, ListOrdersResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { Saga } from '../saga/saga.ts';
import { listOrders as list } from '../store/list-orders.ts';
import { toOrder } from '../wire/order-message.ts';
import { decodeToken, encodeToken, pageSizeOf } from '../wire/page-token.ts';
import { accountOf } from './account-of.ts';

/** ListOrders: by change, newest first. An order that changes between two pages moves ahead of the cursor, never behind it. */
export async function listOrders(
  saga: Saga,
  request: ListOrdersRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListOrdersResponseSchema>> {
  const accountId = accountOf(context, request.accountId);
  const { symbol, openOnly, pageToken } = request;
  const pageSize = pageSizeOf(request.pageSize);
  const scope = ['orders', accountId, symbol, openOnly].join(' ');
  const beforeSequence = pageToken === '' ? undefined : decodeToken('page_token', scope, pageToken);
  const found = await list(saga.db, { accountId, symbol, openOnly, beforeSequence }, pageSize + 1);
  const orders = found.slice(0, pageSize);
  const last = found.length > pageSize ? orders.at(-1) : undefined;
  return { orders: orders.map(toOrder), nextPageToken: last ? encodeToken(scope, last.changeSequence) : '' };
}
