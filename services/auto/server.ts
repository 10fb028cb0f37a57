/** The auto service as a whole: database, events, scheduler, price watch, runs, RPCs. */
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import { createServiceTokenSource } from '#platform/auth/service-token.ts';
import { createBus } from '#platform/bus/create-bus.ts';
import { startOutboxRelay } from '#platform/bus/outbox-relay.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { runWorkerPool } from '#platform/queue/run-worker-pool.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import type { AutoDeps } from './auto-deps.ts';
import { bindAutoService } from './auto-service.ts';
import { createSymbolCheck } from './callees/symbol-check.ts';
import { watchConditions } from './conditions/watch-conditions.ts';
import type { AutoConfig } from './config.ts';
import { purgeOnce } from './maintenance.ts';
import { createCarryOut } from './runs/carry-out-run.ts';
import { beginDueRuns } from './schedule/begin-due-runs.ts';
import { claimRuns } from './store/claim-runs.ts';

/** The running service; it ends with its app. */
export type RunningAuto = { port: number; deps: AutoDeps };

/** Parts that tests replace. */
export type AutoOverrides = { now?: () => number; leaseTtlMs?: number };

const poolMax = 4;
const scheduleEveryMs = 500;
const runsAtOnceMax = 4;
// Longer than an order may take: who claims a run is done with it, or dead, when it comes due again.
const runLeaseMs = 15_000;
const purgeEveryMs = 10 * 60_000;

/**
 * Starts the service inside the app and says ready. Waits for its database; the bus, the market and the order service may come
 * later and go.
 */
export async function createAutoService(
  app: ServiceApp,
  config: Omit<AutoConfig, 'userAddress'> & { authenticator: Authenticator },
  { now = Date.now, leaseTtlMs }: AutoOverrides = {},
): Promise<RunningAuto> {
  const { logger, metrics, signal, name } = app;
  const { databaseUrl, databasePoolMax, busDatabaseUrl } = app.config;
  const size = Math.min(poolMax, databasePoolMax);
  const db = openDatabase({ url: databaseUrl, applicationName: name, poolMax: size, logger, metrics });
  app.onDispose(db);
  await migrate(db, new URL('./store/migrations/', import.meta.url), { signal, logger });
  const bus = createBus({ busDatabaseUrl, serviceName: name, logger, metrics });
  app.onDispose(bus);
  app.onDispose(startOutboxRelay({ db, bus, logger, metrics }));
  const { orders, market } = openClients(app, config);
  const deps: AutoDeps = { db, orders, market, symbols: createSymbolCheck(market), notifier: createNotifier(), now };
  startWork(app, deps, leaseTtlMs);
  const server = await serveRpc(app, { bindings: bindAutoService(deps), authenticator: config.authenticator });
  app.ready();
  return { port: server.port, deps };
}

function openClients(app: ServiceApp, config: Pick<AutoConfig, 'orderAddress' | 'marketAddress'>) {
  const { logger, metrics } = app;
  const serviceToken = createServiceTokenSource(app.name, app.config.serviceTokenSecret);
  const common = { serviceToken, logger, metrics };
  const orders = createRpcClient(OrderInternalService, { ...common, address: config.orderAddress });
  const market = createRpcClient(MarketService, { ...common, address: config.marketAddress });
  app.onDispose(orders);
  app.onDispose(market);
  return { orders, market };
}

/** Everything that goes on by itself; it stops at the drain, after the orders that are being placed. */
function startWork(app: ServiceApp, deps: AutoDeps, leaseTtlMs: number | undefined): void {
  const { logger, metrics, signal } = app;
  const common = { signal, logger };
  const tasks = [
    runPeriodically({
      ...common,
      name: 'schedules',
      work: () => beginDueRuns(deps, logger),
      pauseMs: scheduleEveryMs,
    }),
    runPeriodically({
      ...common,
      name: 'purge',
      work: () => purgeOnce(deps.db, deps.now()),
      pauseMs: purgeEveryMs,
      pauseFirst: true,
    }),
    runWorkerPool({
      ...common,
      name: 'runs',
      claim: (limit) => claimRuns(deps.db, { limit, nowMs: deps.now(), leaseMs: runLeaseMs }),
      work: createCarryOut(deps, { logger, metrics }),
      concurrencyMax: runsAtOnceMax,
      notifier: deps.notifier,
    }),
    watchConditions({ ...common, deps, holder: `auto ${uuidV7()}`, leaseTtlMs, metrics }),
  ];
  app.onDispose({
    async [Symbol.asyncDispose]() {
      await Promise.all(tasks);
    },
  });
}
