/** Lists of rows of several symbols and a time range: symbol by symbol, in alphabetical order, in pages. */
import { createHash } from 'node:crypto';
import type {
  ListAuctionsRequest,
  ListCandlesRequest,
  ListPastQuotesRequest,
  ListTradesRequest,
} from '#gen/outcry/market/v1/market_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import { readTimeRange, spanOf, type TimeSpan } from '#platform/validation/time-range.ts';
import type { Catalogue } from '../../view/catalogue.ts';
import { askedSymbols, requireInstrument } from '../request-fields.ts';

/** Rows of a page. */
export const pageRowsMax = 1_000;
/** Symbols whose rows one statement reads: so many times a page at most. */
const symbolsAtOnceMax = 10;

/** How rows of one kind are listed; a place says where a row is among those of its symbol. */
export type RowList<Row, Part> = {
  /** Kind of the rows with its own filters, for page tokens. */
  name: string;
  sizeDefault: number;
  sizeMax: number;
  /** The form of a place as text, without a colon first. */
  placeForm: RegExp;
  placeOf(row: Row): string;
  /** What is left of the range after a place, in the order of the list; undefined: all of it. */
  partAfter(range: TimeSpan, place: string | undefined): Part;
  /** Rows of these symbols in the order of the list. */
  read(symbols: readonly string[], part: Part, limit: number): Promise<Row[]>;
};

/** The symbols of a list in its order, from `symbol` or `symbols`. Throws INVALID_FIELD for both or neither, SYMBOL_UNKNOWN. */
export function readListedSymbols(catalogue: Catalogue, request: { symbol: string; symbols: string[] }): string[] {
  const { symbol, symbols } = request;
  if (symbols.length > 0 && symbol !== '') throw invalidArgument('symbols', 'cannot be given beside symbol');
  if (symbols.length > 0) return [...new Set(askedSymbols(catalogue, symbols))].sort();
  requireInstrument(catalogue, symbol);
  return [symbol];
}

/** The page that a request asks for. Throws INVALID_ARGUMENT for fields that are refused. */
export async function listBySymbol<Row extends { symbol: string }, Part>(
  catalogue: Catalogue,
  request: ListAuctionsRequest | ListCandlesRequest | ListPastQuotesRequest | ListTradesRequest,
  rowList: RowList<Row, Part>,
): Promise<{ rows: Row[]; nextPageToken: string }> {
  const { startTime, endTime, oldestFirst } = request;
  const symbols = readListedSymbols(catalogue, request);
  const range = spanOf(readTimeRange({ field: 'start_time', time: startTime }, { field: 'end_time', time: endTime }));
  const list = `${rowList.name} ${digestOf([symbols, range, oldestFirst])}`;
  const cursorForm = new RegExp(`^[A-Z0-9.]{1,12}:${rowList.placeForm.source}$`);
  const { sizeDefault, sizeMax } = rowList;
  const { cursor = ':', limit } = readPage(request, { list, cursor: cursorForm, sizeDefault, sizeMax });
  const reached = cursor.slice(0, cursor.indexOf(':'));
  const place = cursor.slice(reached.length + 1);
  const found = await readBySymbol(
    symbols.filter((symbol) => symbol >= reached),
    {
      limit: limit + 1,
      readRest: (symbol, count) => rowList.read([symbol], rowList.partAfter(range, place || undefined), count),
      readWhole: (whole, count) => rowList.read(whole, rowList.partAfter(range, undefined), count),
    },
  );
  const cursorOf = (row: Row) => `${row.symbol}:${rowList.placeOf(row)}`;
  return cutPage(found, limit, { list, cursorOf });
}

/** Filters in a bounded length, however many symbols there are: a token has room for 512 characters. */
function digestOf(filters: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(filters)).digest('base64url');
}

/**
 * Reads up to `limit` rows: of the first symbol what is left of it, then whole symbols, some at once, until there are enough. So a page
 * reads a bounded number of rows, whether its symbols have many or none.
 */
async function readBySymbol<Row>(
  symbols: readonly string[],
  options: {
    limit: number;
    readRest: (symbol: string, limit: number) => Promise<Row[]>;
    readWhole: (symbols: readonly string[], limit: number) => Promise<Row[]>;
  },
): Promise<Row[]> {
  const { limit, readRest, readWhole } = options;
  const [first, ...others] = symbols;
  const rows = first === undefined ? [] : await readRest(first, limit);
  for (let at = 0; at < others.length && rows.length < limit; at += symbolsAtOnceMax) {
    rows.push(...(await readWhole(others.slice(at, at + symbolsAtOnceMax), limit - rows.length)));
  }
  return rows;
}
