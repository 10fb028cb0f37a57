import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListLotSalesRequest, ListLotSalesResponseSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readSymbol } from '#platform/validation/request-fields.ts';
import type { PortfolioDeps } from '../deps.ts';
import { afterLastSale, type LotSaleQuery, listLotSales as readLotSales } from '../store/list-lot-sales.ts';
import { lotSaleMessage } from './messages/lots.ts';

const pieceCursor = /^\d{1,18} \d{1,9}$/;

/** What the sales of an account took from each lot, newest first. */
export async function listLotSales(
  { db }: PortfolioDeps,
  request: ListLotSalesRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListLotSalesResponseSchema>> {
  const accountId = resolveAccountId(context, request.accountId);
  const symbol = request.symbol === '' ? '' : readSymbol('symbol', request.symbol);
  const list = `lot sales ${accountId} ${symbol}`;
  const { cursor, limit } = readPage(request, { list, cursor: pieceCursor });
  const found = await readLotSales(db, { accountId, symbol, before: placeOf(cursor), limit: limit + 1 });
  const cursorOf = ({ sequence, piece }: LotSaleQuery['before']) => `${sequence} ${piece}`;
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf });
  return { sales: rows.map(lotSaleMessage), nextPageToken };
}

function placeOf(cursor: string | undefined): LotSaleQuery['before'] {
  const [sequence, piece] = cursor?.split(' ') ?? [];
  return sequence === undefined ? afterLastSale : { sequence: BigInt(sequence), piece: Number(piece) };
}
