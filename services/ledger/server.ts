/** The ledger as a running service: its parts, and the order in which they start. */
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import { PortfolioInternalService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { consumeEvents } from '#platform/bus/consume-events.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { createAuditor } from './audit/auditor.ts';
import { createAccountDirectory } from './clients/account-directory.ts';
import { createLocalPaymentProvider, type PaymentProvider } from './clients/payment-provider.ts';
import type { LedgerConfig } from './config.ts';
import type { LedgerDeps } from './deps.ts';
import { accountHandlers, accountQueue } from './events/consumed.ts';
import { createFeedWriter } from './events/feed-writer.ts';
import { consumeExchange } from './feed/consume-exchange.ts';
import { createHoldBatcher } from './holds/hold-batcher.ts';
import { resumeTransfers } from './jobs/resume-transfers.ts';
import type { needs } from './needs.ts';
import { ledgerBindings } from './rpc/bindings.ts';
import { createTransferService } from './transfers/transfer-service.ts';

/** Parts that tests replace. */
export type LedgerOverrides = { nowMs?: () => number; provider?: PaymentProvider; leaseTtlMs?: number };

/** The running ledger; it ends with its app. */
export type RunningLedger = { port: number; deps: LedgerDeps };

/**
 * Starts the ledger inside the app and reports it ready. The services that it calls may start later and stop at any time: settlement
 * waits for the exchange, and an audit fails without the services that it reads.
 */
export async function createLedgerService(
  app: AppOf<typeof needs>,
  { shards }: LedgerConfig,
  { nowMs = Date.now, provider = createLocalPaymentProvider(), leaseTtlMs }: LedgerOverrides = {},
): Promise<RunningLedger> {
  const { db, logger, metrics, signal, name } = app;
  const exchange = app.clientOf(ExchangeFeedService);
  const deps = await createDeps(app, { shards, nowMs, provider });
  const server = await serveRpc(app, { bindings: ledgerBindings(deps), authenticator: app.authenticator });
  const { feed, transfers } = deps;
  const common = { db, holder: `${name} ${uuidV7()}`, logger, metrics, signal };
  joinOnShutdown(
    app,
    ...shards.map((shard) => consumeExchange({ ...common, exchange, feed, shard, nowMs, leaseTtlMs })),
    resumeTransfers({ ...common, transfers }),
  );
  app.ready();
  return { port: server.port, deps };
}

async function createDeps(
  app: AppOf<typeof needs>,
  { shards, nowMs, provider }: LedgerConfig & { nowMs: () => number; provider: PaymentProvider },
): Promise<LedgerDeps> {
  const { db, bus, logger, metrics } = app;
  const feed = await createFeedWriter({ db, logger, nowMs });
  app.onDispose(feed);
  // Before any copy of an account is stored, so that no later change of it is missed.
  app.onDispose(await consumeEvents({ db, bus, queue: accountQueue, handlers: accountHandlers, logger, metrics }));
  const holds = createHoldBatcher({ db, nowMs, metrics });
  app.onDispose(holds);
  const accounts = createAccountDirectory({ db, users: app.clientOf(UserInternalService) });
  return {
    db,
    feed,
    holds,
    accounts,
    transfers: createTransferService({ db, accounts, provider, feed, nowMs, logger }),
    auditor: createAuditor({
      db,
      orders: app.clientOf(OrderInternalService),
      portfolio: app.clientOf(PortfolioInternalService),
      shards,
      logger,
    }),
    nowMs,
  };
}
