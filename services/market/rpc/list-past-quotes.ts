import type { ListPastQuotesRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { TimeSpan } from '#platform/validation/time-range.ts';
import type { MarketDeps } from '../deps.ts';
import { type PastQuote, secondOf } from '../domain/past-quote.ts';
import { readPastQuotes } from '../store/past-quotes.ts';
import { listBySymbol, pageRowsMax } from './lists/by-symbol.ts';
import { pastQuoteMessageOf } from './messages/past-quote-message.ts';
import { requireInstrument } from './request-fields.ts';

type Part = { range: TimeSpan; seconds: TimeSpan };

/** Quotes of the past by symbol and time, from the database. */
export async function listPastQuotes({ db, catalogue }: MarketDeps, request: ListPastQuotesRequest) {
  const { oldestFirst } = request;
  const { rows, nextPageToken } = await listBySymbol<PastQuote, Part>(catalogue, request, {
    name: 'past quotes',
    sizeDefault: 50,
    sizeMax: pageRowsMax,
    // A second has one quote, whose time moves on within it while it runs.
    placeForm: /\d{1,15}/,
    placeOf: ({ timeMs }) => String(secondOf(timeMs)),
    partAfter(range, place) {
      const seconds = { fromMs: secondOf(range.fromMs), untilMs: range.untilMs };
      if (place === undefined) return { range, seconds };
      const secondMs = Number(place);
      return { range, seconds: oldestFirst ? { ...seconds, fromMs: secondMs + 1 } : { ...seconds, untilMs: secondMs } };
    },
    read: (symbols, part, limit) => readPastQuotes(db, { symbols, ...part, oldestFirst, limit }),
  });
  const termsOf = (symbol: string) => requireInstrument(catalogue, symbol);
  return { quotes: rows.map((quote) => pastQuoteMessageOf(quote, termsOf(quote.symbol))), nextPageToken };
}
