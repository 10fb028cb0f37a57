/** Auto as a running service: its jobs, the judging of trades, its RPCs. */
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import { fixedClock } from '#platform/clock/clock.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { inRole } from '#platform/lifecycle/in-role.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { createSymbolCheck } from './clients/symbol-check.ts';
import type { AutoConfig } from './config.ts';
import type { AutoDeps } from './deps.ts';
import { judgeTrades } from './feed/judge-trades.ts';
import { armRules } from './jobs/arm-rules.ts';
import { scheduleDueRuns } from './jobs/begin-due-runs.ts';
import { beginOnce } from './jobs/begin-once.ts';
import { carryOutRuns } from './jobs/carry-out-runs.ts';
import { confirmExchange } from './jobs/confirm-exchange.ts';
import { deleteExpiredRows } from './jobs/delete-expired-rows.ts';
import { firePriceTriggers } from './jobs/fire-price-triggers.ts';
import { createRunCounter } from './jobs/run-counter.ts';
import { workSlices } from './jobs/work-slices.ts';
import type { needs } from './needs.ts';
import { autoBindings } from './rpc/bindings.ts';

/** Parts that tests replace. */
export type AutoOverrides = {
  nowMs?: () => number;
  leaseTtlMs?: number;
  /** From one confirmation of the exchange's feed to the next, in ms; default 10,000. */
  confirmPauseMs?: number;
};

/** The running service; it ends with its app, after the orders that are being placed. */
export type AutoServer = { port: number };

/** Starts the jobs and the RPCs, and is ready. The exchange, the market and the order service may come later, and may go and come back. */
export async function createAutoService(
  app: AppOf<typeof needs>,
  { shards }: AutoConfig,
  { nowMs: machineMs, leaseTtlMs, confirmPauseMs: pauseMs }: AutoOverrides = {},
): Promise<AutoServer> {
  const { db, logger, metrics, name } = app;
  const orders = app.clientOf(OrderInternalService);
  const market = app.clientOf(MarketService);
  const exchange = app.clientOf(ExchangeFeedService);
  const holder = `${name} ${uuidV7()}`;
  const clock = machineMs === undefined ? app.clock : fixedClock(machineMs);
  const deps: AutoDeps = {
    db,
    orders,
    market,
    requireListed: createSymbolCheck(market),
    notifier: createNotifier(),
    reachedNotifier: createNotifier(),
    nowMs: clock.nowMs,
  };
  const countRun = createRunCounter(metrics);
  const start = (signal: AbortSignal) => [
    scheduleDueRuns(deps, { signal, logger }),
    beginOnce(deps, { signal, logger }),
    carryOutRuns(deps, { signal, logger, countRun }),
    workSlices(deps, { signal, logger, countRun }),
    firePriceTriggers(deps, { signal, logger }),
    armRules(deps, { signal, logger }),
    ...shards.map((shard) => judgeTrades(deps, { exchange, shard, holder, leaseTtlMs, signal, logger, metrics })),
    ...shards.map((shard) => confirmExchange({ db, exchange, shard, pauseMs, signal, logger, metrics })),
    deleteExpiredRows(deps, { signal, logger }),
  ];
  joinOnShutdown(app, inRole(app, start));
  const server = await serveRpc(app, { bindings: autoBindings(deps), authenticator: app.authenticator });
  app.ready();
  return { port: server.port };
}
