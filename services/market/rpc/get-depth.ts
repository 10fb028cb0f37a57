import type { GetDepthRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { MarketDeps } from '../deps.ts';
import { depthOf } from '../view/book-messages.ts';
import { requireBuilt, requireInstrument, requireLevels } from './request-fields.ts';

/** The best levels of one book, from memory. */
export async function getDepth(deps: MarketDeps, { symbol, levels }: GetDepthRequest) {
  const levelCount = requireLevels(levels);
  requireInstrument(deps.catalogue, symbol);
  requireBuilt(deps);
  const symbolView = deps.view.get(symbol);
  return { depth: symbolView === undefined ? { symbol } : depthOf(symbolView, levelCount) };
}
