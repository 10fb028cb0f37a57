import type { ListQuotesRequest } from '#gen/outcry/market/v1/market_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { MarketDeps } from '../deps.ts';
import { requireBuilt, requireInstrument, symbolsMax } from './request-fields.ts';
import { sharedQuote } from './streams/encoded.ts';

/** Quotes from memory; the order service prices market orders with them. */
export async function listQuotes(deps: MarketDeps, { symbols }: ListQuotesRequest) {
  const { catalogue, view } = deps;
  if (symbols.length > symbolsMax) throw invalidArgument('symbols', `must be at most ${symbolsMax}`);
  for (const symbol of symbols) requireInstrument(catalogue, symbol, 'symbols');
  requireBuilt(deps);
  const asked = symbols.length > 0 ? symbols : firstSymbols(deps);
  return {
    quotes: asked.map((symbol) => {
      const symbolView = view.get(symbol);
      return symbolView === undefined ? { symbol } : sharedQuote(symbolView).quote;
    }),
  };
}

function firstSymbols({ catalogue }: MarketDeps): string[] {
  return catalogue
    .list()
    .slice(0, symbolsMax)
    .map(({ symbol }) => symbol);
}
