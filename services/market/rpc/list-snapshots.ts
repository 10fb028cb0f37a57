import type { ListSnapshotsRequest } from '#gen/outcry/market/v1/market_pb.ts';
import type { MarketDeps } from '../deps.ts';
import type { Candle } from '../domain/candle.ts';
import type { SymbolView } from '../view/symbol-view.ts';
import { candleMessageOf, tradeOf } from './messages/market-messages.ts';
import { askedSymbols, requireBuilt } from './request-fields.ts';
import { sharedQuote } from './streams/encoded.ts';

/** What is known of each symbol at the moment, from memory. */
export async function listSnapshots(deps: MarketDeps, { symbols }: ListSnapshotsRequest) {
  const asked = askedSymbols(deps.catalogue, symbols);
  requireBuilt(deps);
  return {
    snapshots: asked.map((symbol) => {
      const symbolView = deps.view.get(symbol);
      return symbolView === undefined ? { symbol } : snapshotOf(symbolView);
    }),
  };
}

function snapshotOf(view: SymbolView) {
  const { symbol, steps, running, previousDay } = view;
  const candle = (known: Candle | undefined) => (known === undefined ? undefined : candleMessageOf(known, steps));
  return {
    symbol,
    quote: sharedQuote(view).quote,
    lastTrade: lastTradeOf(view),
    minuteCandle: candle(running.get('1m')),
    dayCandle: candle(running.get('1d')),
    previousDayCandle: candle(previousDay),
  };
}

// A book whose last trade the record does not have any more knows its price only.
function lastTradeOf({ symbol, steps, last }: SymbolView) {
  const { priceTicks, quantityLots, timeMs, tradeId, takerSide } = last ?? {};
  if (priceTicks === undefined || quantityLots === undefined || timeMs === undefined) return undefined;
  if (tradeId === undefined || takerSide === undefined) return undefined;
  return tradeOf({ symbol, priceTicks, quantityLots, timeMs, tradeId, takerSide, sequence: 0n }, steps);
}
