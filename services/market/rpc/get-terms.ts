import type { GetTermsRequest } from '#gen/outcry/market/v1/internal_pb.ts';
import type { MarketDeps } from '../deps.ts';
import { termsMessageOf } from './messages/terms-message.ts';
import { requireBuilt } from './request-fields.ts';

/** The terms of all instruments whose book is open, from memory. */
export async function getTerms(deps: MarketDeps, _request: GetTermsRequest) {
  const { catalogue, view } = deps;
  requireBuilt(deps);
  const instruments = catalogue.list().flatMap((terms) => {
    const book = view.get(terms.symbol);
    return book === undefined ? [] : [termsMessageOf(terms, book)];
  });
  return { instruments };
}
