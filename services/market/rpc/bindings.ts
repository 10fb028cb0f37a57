import { MarketInternalService } from '#gen/outcry/market/v1/internal_pb.ts';
import { MarketAdminService, MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { bindHandlers } from '#platform/rpc/bind-handlers.ts';
import type { ServiceBinding } from '#platform/rpc/implementation.ts';
import type { MarketDeps } from '../deps.ts';
import { changeStream } from './change-stream.ts';
import { createInstrument } from './create-instrument.ts';
import { followPrices } from './follow-prices.ts';
import { getClock } from './get-clock.ts';
import { getDepth } from './get-depth.ts';
import { getInstrument } from './get-instrument.ts';
import { getTerms } from './get-terms.ts';
import { haltInstrument } from './halt-instrument.ts';
import { listAuctions } from './list-auctions.ts';
import { listCandles } from './list-candles.ts';
import { listInstruments } from './list-instruments.ts';
import { listPastQuotes } from './list-past-quotes.ts';
import { listQuotes } from './list-quotes.ts';
import { listSessions } from './list-sessions.ts';
import { listSnapshots } from './list-snapshots.ts';
import { listTrades } from './list-trades.ts';
import { resumeInstrument } from './resume-instrument.ts';
import { setClock } from './set-clock.ts';
import { streamCandles } from './stream-candles.ts';
import { streamDepth } from './stream-depth.ts';
import { streamQuotes } from './stream-quotes.ts';
import { streamTrades } from './stream-trades.ts';

/** The contracts of the market, for anybody, for staff and for other services. */
export function marketBindings(deps: MarketDeps): ServiceBinding[] {
  return [
    bindHandlers(MarketService, deps, {
      listInstruments,
      getInstrument,
      listQuotes,
      listSnapshots,
      getDepth,
      listTrades,
      listCandles,
      listAuctions,
      listPastQuotes,
      getClock,
      listSessions,
      streamQuotes,
      streamDepth,
      streamTrades,
      streamCandles,
      changeStream,
    }),
    bindHandlers(MarketAdminService, deps, { createInstrument, haltInstrument, resumeInstrument, setClock }),
    bindHandlers(MarketInternalService, deps, { followPrices, getTerms }),
  ];
}
