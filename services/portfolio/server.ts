/** The portfolio service as a whole: the ledger's feed, prices, RPCs. */
import { LedgerFeedService } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { inRole } from '#platform/lifecycle/in-role.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { listenForAccounts } from '#platform/postgres/account-notices.ts';
import { createStreamQuota, type StreamQuota } from '#platform/stream/stream-quota.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { createPriceHub, type PriceHub } from './clients/price-hub.ts';
import type { PortfolioConfig } from './config.ts';
import { defaultTimes, type PortfolioDeps, type ValuationTimes } from './deps.ts';
import { consumeLedger, holdingsConsumer, lotsConsumer } from './feed/consume-ledger.ts';
import { holdingsChannel } from './feed/update-holdings.ts';
import type { needs } from './needs.ts';
import { portfolioBindings } from './rpc/bindings.ts';

/** Parts that tests replace. */
export type PortfolioOverrides = { times?: Partial<ValuationTimes>; nowMs?: () => number };

/** The running service; it ends with its app. */
export type RunningPortfolioService = { port: number; deps: PortfolioDeps };

/** Starts the service inside the app and reports it ready; ledger and market may start later and stop at any time. */
export async function createPortfolioService(
  app: AppOf<typeof needs>,
  { streamsPerAccountMax }: PortfolioConfig,
  { times, nowMs = Date.now }: PortfolioOverrides = {},
): Promise<RunningPortfolioService> {
  const { db, logger, metrics, name, authenticator } = app;
  const market = app.clientOf(MarketService);
  const ledger = app.clientOf(LedgerFeedService);
  const prices = createPriceHub({ market, logger });
  const notices = await listenForAccounts(db, holdingsChannel);
  for (const resource of [prices, notices]) app.onDispose(resource);
  const quota = createStreamQuota('valuation', streamsPerAccountMax);
  measure(metrics, quota, prices);
  const deps: PortfolioDeps = { db, market, prices, notices, quota, times: { ...defaultTimes, ...times }, nowMs };
  const server = await serveRpc(app, { bindings: portfolioBindings(deps), authenticator });
  const holder = `${name} ${uuidV7()}`;
  joinOnShutdown(
    app,
    inRole(app, (signal) =>
      [holdingsConsumer, lotsConsumer].map((derived) =>
        consumeLedger({ db, ledger, holder, logger, metrics, signal }, derived),
      ),
    ),
  );
  app.ready();
  return { port: server.port, deps };
}

function measure(metrics: Metrics, quota: StreamQuota, prices: PriceHub): void {
  metrics.gauge({
    name: 'outcry_portfolio_valuation_streams',
    help: 'Open valuation streams.',
    collect: (gauge) => gauge.set(quota.count()),
  });
  metrics.gauge({
    name: 'outcry_portfolio_followed_symbols',
    help: 'Symbols whose prices are followed for them.',
    collect: (gauge) => gauge.set(prices.symbolCount()),
  });
}
