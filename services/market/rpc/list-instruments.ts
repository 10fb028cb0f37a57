import type { ListInstrumentsRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { MarketDeps } from '../deps.ts';
import { instrumentOf } from './messages/instrument-message.ts';

const searchLengthMax = 40;
const symbolCursor = /^[A-Z0-9.]{1,12}$/;

/** Instruments by symbol, from memory. */
export async function listInstruments({ catalogue, view }: MarketDeps, request: ListInstrumentsRequest) {
  const { search } = request;
  if (search.length > searchLengthMax) throw invalidArgument('search', `must be at most ${searchLengthMax} characters`);
  const wanted = search.toLowerCase();
  const list = `instruments ${wanted}`;
  const { cursor = '', limit } = readPage(request, { list, cursor: symbolCursor });
  const found = catalogue
    .list()
    .filter(({ symbol, name }) => symbol > cursor && `${symbol}\n${name}`.toLowerCase().includes(wanted));
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ symbol }) => symbol });
  return { instruments: rows.map((terms) => instrumentOf(terms, view.get(terms.symbol))), nextPageToken };
}
