import type { MessageInitShape } from '@bufbuild/protobuf';
import type { InstrumentSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { formatDecimal, PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { Terms } from '../domain/instrument.ts';
import type { MarketView } from './market-view.ts';

/** The instrument of the contract; state and shard are what the view knows, or `state` when a command has just set it. */
export function instrumentOf(
  terms: Terms,
  view: MarketView,
  state?: TradingState,
): MessageInitShape<typeof InstrumentSchema> {
  const { symbol, name, sector, tickSize, lotSize, currency, bandBps, referencePrice } = terms;
  const known = view.get(symbol);
  return {
    symbol,
    name,
    sector,
    tickSize: formatDecimal(tickSize, PRICE_SCALE, 2),
    lotSize: formatDecimal(lotSize, QUANTITY_SCALE),
    currency,
    bandBps,
    referencePrice: formatDecimal(referencePrice, PRICE_SCALE, 2),
    state: state ?? known?.state,
    shard: known?.shard,
  };
}
