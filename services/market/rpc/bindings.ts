import { MarketAdminService, MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { implement, type ServiceBinding } from '#platform/rpc/server.ts';
import type { MarketDeps } from '../deps.ts';
import { createInstrument } from './create-instrument.ts';
import { getDepth } from './get-depth.ts';
import { getInstrument } from './get-instrument.ts';
import { listCandles } from './list-candles.ts';
import { listInstruments } from './list-instruments.ts';
import { listQuotes } from './list-quotes.ts';
import { listTrades } from './list-trades.ts';
import { setTradingState } from './set-trading-state.ts';
import { streamCandles } from './stream-candles.ts';
import { streamDepth } from './stream-depth.ts';
import { streamQuotes } from './stream-quotes.ts';
import { streamTrades } from './stream-trades.ts';

/** The contract of the market, for anybody and for staff. */
export function marketBindings(deps: MarketDeps): ServiceBinding[] {
  return [
    implement(MarketService, {
      listInstruments: listInstruments(deps),
      getInstrument: getInstrument(deps),
      listQuotes: listQuotes(deps),
      getDepth: getDepth(deps),
      listTrades: listTrades(deps),
      listCandles: listCandles(deps),
      streamQuotes: streamQuotes(deps),
      streamDepth: streamDepth(deps),
      streamTrades: streamTrades(deps),
      streamCandles: streamCandles(deps),
    }),
    implement(MarketAdminService, {
      createInstrument: createInstrument(deps),
      haltInstrument: setTradingState(deps, TradingState.HALTED),
      resumeInstrument: setTradingState(deps, TradingState.CONTINUOUS),
    }),
  ];
}
