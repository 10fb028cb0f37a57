import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListOrdersRequest, ListOrdersResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import { numberCursor } from '#platform/paging/token.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import { readDecided } from '../saga/when-decided.ts';
import { listOrders as readOrders } from '../store/list-orders.ts';
import { toOrder } from './messages/order-message.ts';
import { accountOf } from './messages/owner.ts';

/** ListOrders: by change, newest first. An order that changes between two pages moves ahead of the cursor, never behind it. */
export async function listOrders(
  deps: OrderDeps,
  request: ListOrdersRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListOrdersResponseSchema>> {
  const accountId = accountOf(context, request.accountId);
  const { symbol, openOnly } = request;
  const list = ['orders', accountId, symbol, openOnly].join(' ');
  const { cursor, limit } = readPage(request, { list, cursor: numberCursor });
  const beforeSequence = cursor === undefined ? undefined : BigInt(cursor);
  const read = () => readOrders(deps.db, { accountId, symbol, openOnly, beforeSequence }, limit + 1);
  const found = await readDecided(deps, context, read, (orders) => orders);
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: (order) => String(order.changeSequence) });
  return { orders: rows.map(toOrder), nextPageToken };
}
