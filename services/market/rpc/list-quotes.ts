import type { ListQuotesRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { MarketDeps } from '../deps.ts';
import { askedSymbols, requireBuilt } from './request-fields.ts';
import { sharedQuote } from './streams/encoded.ts';

/** Quotes from memory; the order service prices market orders with them. */
export async function listQuotes(deps: MarketDeps, { symbols }: ListQuotesRequest) {
  const asked = askedSymbols(deps.catalogue, symbols);
  requireBuilt(deps);
  return {
    quotes: asked.map((symbol) => {
      const symbolView = deps.view.get(symbol);
      return symbolView === undefined ? { symbol } : sharedQuote(symbolView).quote;
    }),
  };
}
