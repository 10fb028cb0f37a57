/** The portfolio service as a whole: database, the ledger's feed, prices, RPCs. */
import { LedgerFeedService } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import { createClientFactory } from '#platform/lifecycle/open-clients.ts';
import { openOwnDatabase } from '#platform/lifecycle/open-database.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import type { PortfolioConfig } from './config.ts';
import { listenForAccounts } from './ledger/account-changes.ts';
import { followLedger } from './ledger/follow-ledger.ts';
import type { PortfolioDeps, ValuationTimes } from './portfolio-deps.ts';
import { defaultTimes } from './portfolio-deps.ts';
import { bindPortfolioServices } from './portfolio-service.ts';
import type { PriceHub } from './prices/price-hub.ts';
import { createPriceHub } from './prices/price-hub.ts';
import type { StreamPlaces } from './valuation/stream-places.ts';
import { createStreamPlaces } from './valuation/stream-places.ts';

/** What a portfolio service is started with. */
export type PortfolioOptions = Omit<PortfolioConfig, 'userAddress'> & {
  authenticator: Authenticator;
  /** Tests shorten them. */
  times?: ValuationTimes;
};

/** The running service; it ends with its app. */
export type RunningPortfolioService = { port: number; deps: PortfolioDeps };

/** Waits for its database, then answers; ledger and market may come later, and may go. */
export async function createPortfolioService(
  app: ServiceApp,
  options: PortfolioOptions,
): Promise<RunningPortfolioService> {
  const { logger, metrics, signal } = app;
  const { times = defaultTimes, authenticator } = options;
  const db = await openOwnDatabase(app, new URL('./store/migrations/', import.meta.url));
  const clientOf = createClientFactory(app);
  const market = clientOf(MarketService, options.marketAddress);
  const ledger = clientOf(LedgerFeedService, options.ledgerAddress);
  const prices = createPriceHub({ market, logger });
  const changes = await listenForAccounts(db);
  for (const resource of [prices, changes]) app.onDispose(resource);
  const places = createStreamPlaces(options.streamsPerAccountMax);
  measure(app, places, prices);
  const deps: PortfolioDeps = { db, market, prices, changes, places, times };
  const server = await serveRpc(app, { bindings: bindPortfolioServices(deps), authenticator });
  joinOnShutdown(app, followLedger({ db, ledger, logger, metrics, signal }));
  app.ready();
  return { port: server.port, deps };
}

function measure({ metrics }: ServiceApp, places: StreamPlaces, prices: PriceHub): void {
  metrics.gauge({
    name: 'outcry_portfolio_valuation_streams',
    help: 'Open valuation streams.',
    collect: (gauge) => gauge.set(places.count()),
  });
  metrics.gauge({
    name: 'outcry_portfolio_followed_symbols',
    help: 'Symbols whose prices are followed for them.',
    collect: (gauge) => gauge.set(prices.symbolCount()),
  });
}
