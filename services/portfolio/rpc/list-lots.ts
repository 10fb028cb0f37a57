import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListLotsRequest, ListLotsResponseSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readSymbol } from '#platform/validation/request-fields.ts';
import type { PortfolioDeps } from '../deps.ts';
import { firstLot, type LotQuery, listLots as readLots } from '../store/list-lots.ts';
import { lotMessage, lotTotalMessage } from './messages/lots.ts';

const lotCursor = /^[A-Z0-9.]{1,12} \d{1,18}$/;

/** The open lots of an account by symbol, the oldest first. */
export async function listLots(
  { db }: PortfolioDeps,
  request: ListLotsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListLotsResponseSchema>> {
  const accountId = resolveAccountId(context, request.accountId);
  const symbol = request.symbol === '' ? '' : readSymbol('symbol', request.symbol);
  const list = `lots ${accountId} ${symbol}`;
  const { cursor, limit } = readPage(request, { list, cursor: lotCursor });
  const found = await readLots(db, { accountId, symbol, after: placeOf(cursor), limit: limit + 1 });
  const cursorOf = (lot: LotQuery['after']) => `${lot.symbol} ${lot.lotId}`;
  const { rows, nextPageToken } = cutPage(found.lots, limit, { list, cursorOf });
  const total = found.total && lotTotalMessage(found.total);
  return { lots: rows.map(lotMessage), nextPageToken, ledgerSequence: found.sequence, ...(total && { total }) };
}

function placeOf(cursor: string | undefined): LotQuery['after'] {
  const [symbol, lotId] = cursor?.split(' ') ?? [];
  return symbol === undefined || lotId === undefined ? firstLot : { symbol, lotId: BigInt(lotId) };
}
