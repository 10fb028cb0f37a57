/** The ledger as a running service: its parts, and the order in which they start. */
import { AuditInternalService } from '#gen/outcry/audit/v1/internal_pb.ts';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { consumeEvents } from '#platform/bus/consume-events.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { inRole, openInRole } from '#platform/lifecycle/in-role.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { createAccountDirectory } from './clients/account-directory.ts';
import type { LocalProvider } from './clients/payments/local-provider.ts';
import { type PaymentProvider, paymentProviders, type RawCallback } from './clients/payments/payment-provider.ts';
import { postCallback } from './clients/payments/post-callback.ts';
import type { LedgerConfig, PaymentConfig } from './config.ts';
import type { LedgerDeps } from './deps.ts';
import { accountHandlers, accountQueue } from './events/consumed.ts';
import { createFeedWriter } from './events/feed-writer.ts';
import { consumeExchange } from './feed/consume-exchange.ts';
import { createHoldBatcher } from './holds/hold-batcher.ts';
import { measureHolds } from './holds/measure-holds.ts';
import { confirmExchange } from './jobs/confirm-exchange.ts';
import { deliverCallbacks } from './jobs/deliver-callbacks.ts';
import { reconcileAccounts } from './jobs/reconcile-accounts.ts';
import { reconcilePayments } from './jobs/reconcile-payments.ts';
import { resumeTransfers } from './jobs/resume-transfers.ts';
import type { needs } from './needs.ts';
import { ledgerBindings } from './rpc/bindings.ts';
import { measureStuckTransfers, openLocalProvider } from './transfers/open-payments.ts';
import type { PaymentOptions } from './transfers/payment-options.ts';
import { receiveCallback } from './transfers/receive-callback.ts';
import { createTransferService } from './transfers/transfer-service.ts';

/** Parts that tests replace. `providers` are asked instead of the configured one; the first gets new payments. */
export type LedgerOverrides = {
  nowMs?: () => number;
  providers?: PaymentProvider[];
  leaseTtlMs?: number;
  /** From one comparison of all copies of accounts to the next, in ms; default a minute. */
  reconcilePauseMs?: number;
  /** From one confirmation of the exchange's feed to the next, in ms; default 10,000. */
  confirmPauseMs?: number;
};

/** The running ledger; it ends with its app. */
export type RunningLedger = { port: number; deps: LedgerDeps };

/**
 * Starts the ledger inside the app and reports it ready. The services that it calls may start later and stop at any time: settlement
 * waits for the exchange.
 */
export async function createLedgerService(
  app: AppOf<typeof needs>,
  { shards, payments: config }: LedgerConfig,
  { nowMs: machineMs = Date.now, providers = [], ...overrides }: LedgerOverrides = {},
): Promise<RunningLedger> {
  const { db, logger, metrics, name } = app;
  const exchange = app.clientOf(ExchangeFeedService);
  const { serviceSecret } = app.config;
  const { leaseTtlMs, reconcilePauseMs, confirmPauseMs } = overrides;
  // What is booked has the market's time. Payments are of the world outside, which has its own.
  const nowMs = () => app.clock.at(machineMs());
  const local = openLocalProvider(db, config, { serviceSecret, nowMs: machineMs });
  const deps = await createDeps(app, { nowMs, machineMs, providers: paymentProviders(...withLocal(providers, local)) });
  const server = await serveRpc(app, { bindings: ledgerBindings(deps), authenticator: app.authenticator });
  const { feed, transfers, payments } = deps;
  const users = app.clientOf(UserInternalService);
  const holder = `${name} ${uuidV7()}`;
  const start = (signal: AbortSignal) => {
    const common = { db, holder, logger, metrics, signal };
    return [
      ...shards.map((shard) => consumeExchange({ ...common, exchange, feed, shard, nowMs, leaseTtlMs })),
      ...shards.map((shard) => confirmExchange({ ...common, exchange, shard, pauseMs: confirmPauseMs })),
      resumeTransfers({ ...common, transfers }),
      reconcileAccounts({ ...common, users, passPauseMs: reconcilePauseMs }),
      reconcilePayments({ ...common, ...payments, transfers }),
      deliverCallbacks({
        ...common,
        provider: local,
        deliver: delivererOf(config, payments, local),
        idleMs: idleMsOf(config),
        nowMs: machineMs,
      }),
    ];
  };
  joinOnShutdown(app, inRole(app, start));
  measureStuckTransfers(payments);
  measureHolds({ db, metrics, logger, nowMs });
  app.ready();
  return { port: server.port, deps };
}

function withLocal(
  [active, ...others]: PaymentProvider[],
  local: LocalProvider,
): [PaymentProvider, ...PaymentProvider[]] {
  return active === undefined ? [local] : [active, ...others, local];
}

/** Without faults there are no callbacks, but for those of an earlier configuration. */
function idleMsOf({ local }: PaymentConfig): number {
  return local.delayMsMax + local.unansweredPercent + local.repeatedPercent > 0 ? 250 : 30_000;
}

/** How the local provider hands over its callbacks. */
function delivererOf({ callbackUrl }: PaymentConfig, payments: PaymentOptions, local: LocalProvider) {
  return (callback: RawCallback): Promise<void> => {
    return callbackUrl === '' ? receiveCallback(payments, local.name, callback) : postCallback(callbackUrl, callback);
  };
}

async function createDeps(
  app: AppOf<typeof needs>,
  { nowMs, machineMs, providers }: Pick<PaymentOptions, 'nowMs' | 'providers'> & { machineMs: () => number },
): Promise<LedgerDeps> {
  const { db, bus, logger, metrics } = app;
  const feed = await createFeedWriter({ db, logger, nowMs });
  app.onDispose(feed);
  // Before any copy of an account is stored, so that no later change of it is missed.
  await openInRole(app, () =>
    consumeEvents({ db, bus, queue: accountQueue, handlers: accountHandlers, logger, metrics }),
  );
  const holds = createHoldBatcher({ db, nowMs, metrics });
  app.onDispose(holds);
  const accounts = createAccountDirectory({ db, users: app.clientOf(UserInternalService) });
  const payments: PaymentOptions = { db, providers, feed, nowMs: machineMs, logger, metrics };
  return {
    db,
    feed,
    holds,
    accounts,
    payments,
    transfers: createTransferService({ ...payments, accounts }),
    audit: app.clientOf(AuditInternalService),
    nowMs: machineMs,
  };
}
