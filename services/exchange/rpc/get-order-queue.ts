import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { GetOrderQueueRequest, GetOrderQueueResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ExchangeDeps } from '../deps.ts';
import type { Side } from '../engine/model/codes.ts';
import { termOfSymbol } from '../replication/find-term.ts';
import type { QueuedOrder, QueuePosition } from '../replication/order-queue.ts';
import { isSymbol, requireFields } from './messages/fields.ts';

const pageSizeDefault = 100;

/** Greatest number of orders in a page. */
export const pageSizeMax = 1_000;

const positionCursor = /^\d{1,10}\/\d{1,16}\/\d{1,10}$/;

/** The orders of one side of a book in the order in which they would trade, as of a committed sequence. */
export async function getOrderQueue(
  deps: ExchangeDeps,
  request: GetOrderQueueRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof GetOrderQueueResponseSchema>> {
  const { symbol, side } = request;
  requireFields([isSymbol(symbol), [side === 1 || side === 2, 'side', 'must be SIDE_BUY or SIDE_SELL']]);
  const list = `order-queue ${symbol} ${side}`;
  const sizes = { sizeDefault: pageSizeDefault, sizeMax: pageSizeMax };
  const { cursor, limit } = readPage(request, { list, cursor: positionCursor, ...sizes });
  const term = termOfSymbol(deps, symbol);
  const after = cursor === undefined ? undefined : readPosition(cursor);
  // One order more than the page has shows whether there is another page.
  const query = { symbol, side: side as number as Side, after, limit: limit + 1 };
  const page = await term.readQueue(query, context);
  if (!page.orders) throw notFound(ErrorReason.SYMBOL_UNKNOWN, 'no instrument has this symbol', { symbol });
  const cursorOf = ({ priceTicks, priority, key }: QueuedOrder) => `${priceTicks}/${priority}/${key}`;
  const { rows, nextPageToken } = cutPage(page.orders, limit, { list, cursorOf });
  const orders = rows.map(({ orderId, accountId, priceTicks, shownLots }) => {
    return { orderId, accountId, priceTicks: BigInt(priceTicks), shownLots: BigInt(shownLots) };
  });
  return { sequence: BigInt(page.sequence), epoch: term.epoch, orders, nextPageToken };
}

function readPosition(cursor: string): QueuePosition {
  const [priceTicks = 0, priority = 0, key = 0] = cursor.split('/').map(Number);
  return { priceTicks, priority, key };
}
