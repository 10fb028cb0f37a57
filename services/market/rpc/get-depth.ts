import type { GetDepthRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { MarketDeps } from '../deps.ts';
import { depthOf } from '../view/messages.ts';
import { requireInstrument } from './request-fields.ts';
import { requireBuilt } from './require-built.ts';
import { requireLevels } from './require-levels.ts';

/** The best levels of one book, from memory. */
export function getDepth(deps: MarketDeps) {
  return async ({ symbol, levels }: GetDepthRequest) => {
    const levelCount = requireLevels(levels);
    requireInstrument(deps.catalogue, symbol);
    requireBuilt(deps);
    const symbolView = deps.view.get(symbol);
    return { depth: symbolView === undefined ? { symbol } : depthOf(symbolView, levelCount) };
  };
}
