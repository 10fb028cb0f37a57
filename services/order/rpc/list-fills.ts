import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListFillsRequest, ListFillsResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { listName } from '#platform/paging/list-name.ts';
import { readPage } from '#platform/paging/page.ts';
import { writeToken } from '#platform/paging/token.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readSymbol } from '#platform/validation/request-fields.ts';
import { readFromUntil } from '#platform/validation/time-range.ts';
import type { OrderDeps } from '../deps.ts';
import type { FillPlace } from '../store/list-fills.ts';
import { readFillPage } from '../store/read-fill-page.ts';
import { readSide } from './messages/list-filters.ts';
import { toFill } from './messages/order-message.ts';
import { accountOf, findOrder, orderNotFound } from './messages/owner.ts';

const cursorForm = /^\d{1,15}\.\d{1,18}$/;

/** ListFills: a page of an account's fills that pass the filters. Its token is of use with the same filters and sequence only. */
export async function listFills(
  deps: OrderDeps,
  request: ListFillsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListFillsResponseSchema>> {
  const accountId = accountOf(context, request.accountId);
  const filters = readFillFilter(request);
  const { orderId } = filters;
  if (orderId !== undefined && (await findOrder(deps, orderId, context)).accountId !== accountId) {
    throw orderNotFound();
  }
  const list = listName('fills', accountId, filters);
  const { cursor, limit } = readPage(request, { list, cursor: cursorForm });
  const after = cursor === undefined ? undefined : toPlace(cursor);
  const { fills, next } = await readFillPage(deps.db, { ...filters, accountId }, after, limit);
  const nextPageToken = next === undefined ? '' : writeToken(list, `${next.timeMs}.${next.sequence}`);
  return { fills: fills.map(toFill), nextPageToken };
}

function readFillFilter(request: ListFillsRequest) {
  const { orderId, symbol, oldestFirst } = request;
  return {
    orderId: orderId === '' ? undefined : orderId,
    symbol: symbol === '' ? undefined : readSymbol('symbol', symbol),
    side: readSide(request.side),
    ...readFromUntil(request),
    oldestFirst,
  };
}

function toPlace(cursor: string): FillPlace {
  const [timeMs = '', sequence = ''] = cursor.split('.');
  return { timeMs: Number(timeMs), sequence: BigInt(sequence) };
}
