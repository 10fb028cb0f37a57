import type { ListInstrumentsRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { instrumentOf } from '../instrument-message.ts';
import type { MarketDeps } from '../market-deps.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';
import { requireCount } from '../requests.ts';

const searchLengthMax = 40;

/** Instruments by symbol, from memory. */
export function listInstruments({ catalogue, view }: MarketDeps) {
  return async ({ pageSize, pageToken, search }: ListInstrumentsRequest) => {
    const limit = requireCount('page_size', pageSize, { fallback: 50, max: 200 });
    if (search.length > searchLengthMax)
      throw invalidArgument('search', `must be at most ${searchLengthMax} characters`);
    const wanted = search.toLowerCase();
    const list = `instruments ${wanted}`;
    const after = decodePageToken(list, pageToken) ?? '';
    const found = catalogue
      .list()
      .filter(({ symbol, name }) => symbol > after && `${symbol}\n${name}`.toLowerCase().includes(wanted));
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      instruments: page.map((terms) => instrumentOf(terms, view)),
      nextPageToken: last !== undefined && found.length > limit ? encodePageToken(list, last.symbol) : '',
    };
  };
}
