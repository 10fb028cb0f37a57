import { MarketAdminService, MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { implement, type ServiceBinding } from '#platform/rpc/server.ts';
import { createInstrument } from './handlers/create-instrument.ts';
import { getDepth } from './handlers/get-depth.ts';
import { getInstrument } from './handlers/get-instrument.ts';
import { listCandles } from './handlers/list-candles.ts';
import { listInstruments } from './handlers/list-instruments.ts';
import { listQuotes } from './handlers/list-quotes.ts';
import { listTrades } from './handlers/list-trades.ts';
import { setTradingState } from './handlers/set-trading-state.ts';
import { streamCandles } from './handlers/stream-candles.ts';
import { streamDepth } from './handlers/stream-depth.ts';
import { streamQuotes } from './handlers/stream-quotes.ts';
import { streamTrades } from './handlers/stream-trades.ts';
import type { MarketDeps } from './market-deps.ts';

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
