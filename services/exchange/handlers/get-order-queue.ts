import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { GetOrderQueueRequest, GetOrderQueueResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { notFound, unimplemented } from '#platform/errors/outcry-error.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ExchangeDeps } from '../exchange-deps.ts';
import { termOfSymbol } from '../exchange-deps.ts';
import type { QueuedOrder, QueuePage, QueuePlace } from '../shard/order-queue.ts';
import { isSymbol } from '../wire/fields.ts';
import { requireFields } from './run-command.ts';

const pageSizeDefault = 100;

/** Most orders of a page. */
export const pageSizeMax = 1_000;

const placeCursor = /^\d{1,10}\/\d{1,16}$/;

/** The orders of one side of a book in the order in which they would trade, at the sequence of a commit. */
export async function getOrderQueue(
  deps: ExchangeDeps,
  request: GetOrderQueueRequest,
  _context: CallContext,
): Promise<MessageInitShape<typeof GetOrderQueueResponseSchema>> {
  const { symbol, side } = request;
  requireFields([isSymbol(symbol), [side === 1 || side === 2, 'side', 'must be SIDE_BUY or SIDE_SELL']]);
  const list = `order-queue ${symbol} ${side}`;
  const sizes = { sizeDefault: pageSizeDefault, sizeMax: pageSizeMax };
  const { cursor, limit } = readPage(request, { list, cursor: placeCursor, ...sizes });
  const term = termOfSymbol(deps, symbol);
  const page = readQueue(cursor === undefined ? undefined : readPlace(cursor), limit);
  if (!page.orders) throw notFound(ErrorReason.SYMBOL_UNKNOWN, 'no instrument has this symbol', { symbol });
  const cursorOf = ({ priceTicks, place }: QueuedOrder) => `${priceTicks}/${place}`;
  const { rows, nextPageToken } = cutPage(page.orders, limit, { list, cursorOf });
  const orders = rows.map(({ orderId, accountId, priceTicks, shownLots }) => {
    return { orderId, accountId, priceTicks: BigInt(priceTicks), shownLots: BigInt(shownLots) };
  });
  return { sequence: BigInt(page.sequence), epoch: term.epoch, orders, nextPageToken };
}

function readQueue(_after: QueuePlace | undefined, _limit: number): QueuePage {
  throw unimplemented('the queue of a book is not told yet');
}

function readPlace(cursor: string): QueuePlace {
  const [priceTicks, place] = cursor.split('/').map(Number) as [number, number];
  return { priceTicks, place };
}
