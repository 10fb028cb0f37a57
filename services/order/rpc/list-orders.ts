import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListOrdersRequest, ListOrdersResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { listName } from '#platform/paging/list-name.ts';
import { readPage } from '#platform/paging/page.ts';
import { writeToken } from '#platform/paging/token.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import { readDecided } from '../saga/when-decided.ts';
import { cursorForms, cursorText, readOrderPage, toCursor } from '../store/read-order-page.ts';
import { readOrderFilter, readOrderSort } from './messages/list-filters.ts';
import { accountOf } from './messages/owner.ts';
import { toTrailedOrders } from './messages/trailed-orders.ts';

/** ListOrders: a page of an account's orders that pass the filters. Its token is of use with the same filters and sort only. */
export async function listOrders(
  deps: OrderDeps,
  request: ListOrdersRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListOrdersResponseSchema>> {
  const accountId = accountOf(context, request.accountId);
  const [filters, sort] = [readOrderFilter(request), readOrderSort(request.sort)];
  const list = listName('orders', accountId, { ...filters, sort });
  const page = readPage(request, { list, cursor: cursorForms[sort] });
  const cursor = page.cursor === undefined ? undefined : toCursor(sort, page.cursor);
  const wanted = { filter: { ...filters, accountId }, sort, cursor, limit: page.limit };
  const read = () => readOrderPage(deps.db, wanted);
  const { orders, next } = await readDecided(deps, context, read, (found) => found.orders);
  const nextPageToken = next === undefined ? '' : writeToken(list, cursorText(next));
  return { orders: await toTrailedOrders(deps, orders), nextPageToken };
}
