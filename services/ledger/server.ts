/** The ledger as a running service: what it is made of, and in which order it starts and ends. */
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import { PortfolioInternalService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import { consumeEvents } from '#platform/bus/consume-events.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import { openBus, relayOutbox } from '#platform/lifecycle/open-bus.ts';
import { createClientFactory } from '#platform/lifecycle/open-clients.ts';
import { openOwnDatabase } from '#platform/lifecycle/open-database.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { createAccountDirectory } from './accounts/account-directory.ts';
import { createAuditor } from './audit/auditor.ts';
import type { LedgerConfig } from './config.ts';
import { accountHandlers, accountQueue } from './events/consumed.ts';
import { createFeedWriter } from './feed-writer.ts';
import { createHoldDesk } from './holds/hold-desk.ts';
import type { LedgerDeps } from './ledger-deps.ts';
import { ledgerBindings } from './ledger-service.ts';
import { followExchange } from './settlement/follow-exchange.ts';
import { createLocalPaymentProvider, type PaymentProvider } from './transfers/payment-provider.ts';
import { resumeTransfers } from './transfers/resume-transfers.ts';
import { createTransferDesk } from './transfers/transfer-desk.ts';

/** Parts that tests replace. */
export type LedgerOverrides = { now?: () => number; provider?: PaymentProvider; leaseTtlMs?: number };

/** The running ledger; it ends with its app. */
export type RunningLedger = { port: number; deps: LedgerDeps };

/**
 * Starts the ledger inside the app and says ready. Waits for its database and the bus; the services that it calls may come later
 * and go: settlement waits for the exchange, an audit fails without the services that it asks.
 */
export async function createLedgerService(
  app: ServiceApp,
  config: LedgerConfig & { authenticator: Authenticator },
  overrides: LedgerOverrides = {},
): Promise<RunningLedger> {
  const { logger, metrics, signal, name } = app;
  const { now = Date.now, provider = createLocalPaymentProvider(), leaseTtlMs } = overrides;
  const db = await openOwnDatabase(app, new URL('./store/migrations/', import.meta.url));
  const clients = openClients(app, config);
  const { shards } = config;
  const feed = await createFeedWriter({ db, logger, now });
  app.onDispose(feed);
  await joinBus(app, db);
  const holds = createHoldDesk({ db, now, metrics });
  app.onDispose(holds);
  const transfers = createTransferDesk({ db, provider, feed, now, logger });
  const deps: LedgerDeps = {
    db,
    feed,
    holds,
    transfers,
    accounts: createAccountDirectory({ db, users: clients.users }),
    audit: createAuditor({ db, ...clients, shards, logger }),
    now,
  };
  const server = await serveRpc(app, { bindings: ledgerBindings(deps), authenticator: config.authenticator });
  const holder = `${name} ${uuidV7()}`;
  const { exchange } = clients;
  const common = { db, holder, logger, metrics, signal };
  joinOnShutdown(
    app,
    ...shards.map((shard) => followExchange({ ...common, exchange, feed, shard, now, leaseTtlMs })),
    resumeTransfers({ ...common, desk: transfers }),
  );
  app.ready();
  return { port: server.port, deps };
}

function openClients(app: ServiceApp, config: LedgerConfig) {
  const clientOf = createClientFactory(app);
  return {
    exchange: clientOf(ExchangeFeedService, config.exchangeAddress),
    orders: clientOf(OrderInternalService, config.orderAddress),
    portfolio: clientOf(PortfolioInternalService, config.portfolioAddress),
    users: clientOf(UserInternalService, config.userAddress),
  };
}

/** The queue is made before any copy of an account is kept, so no later change of it is missed. */
async function joinBus(app: ServiceApp, db: Database): Promise<void> {
  const { logger, metrics } = app;
  const bus = openBus(app);
  relayOutbox(app, db, bus);
  app.onDispose(await consumeEvents({ db, bus, queue: accountQueue, handlers: accountHandlers, logger, metrics }));
}
