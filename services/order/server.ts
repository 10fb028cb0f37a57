/** The order service as a whole: database, outbox, saga, followers, RPCs. */
import { randomUUID } from 'node:crypto';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import type { Bus } from '#platform/bus/bus.ts';
import { consumeEvents } from '#platform/bus/consume-events.ts';
import { relayOutbox } from '#platform/lifecycle/open-bus.ts';
import { openOwnDatabase } from '#platform/lifecycle/open-database.ts';
import { runWhileUp } from '#platform/lifecycle/run-while-up.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import type { Database } from '#platform/postgres/database.ts';
import type { RpcServer } from '#platform/rpc/server.ts';
import type { Clients } from './clients/clients.ts';
import { defaultSagaLimits, openSaga, type Saga, type SagaLimits } from './deps.ts';
import { conditionsQueue, consumedEvents } from './events/consumed.ts';
import { runFollower } from './feed/consume-exchange.ts';
import { runRetention } from './jobs/retention.ts';
import { runSweeper } from './jobs/sweeper.ts';
import { orderBindings } from './rpc/bindings.ts';

/** What the service is made of beside its app. */
export type OrderDeps = {
  authenticator: Authenticator;
  clients: Clients;
  bus: Bus;
  /** Shards of the exchange to follow. */
  shards: number[];
  limits?: Partial<SagaLimits>;
  /** How long a silent replica keeps a follower's role, in ms; default 3 s. */
  leaseTtlMs?: number;
};

/** The running service; it ends with its app. */
export type RunningOrderService = { server: RpcServer; saga: Saga; db: Database };

/** Migrates, starts the followers and the sweeper, and serves. Waits until the database can be reached. */
export async function createOrderService(app: ServiceApp, deps: OrderDeps): Promise<RunningOrderService> {
  const { logger, metrics } = app;
  const db = await openOwnDatabase(app, new URL('./store/migrations/', import.meta.url));
  const relay = relayOutbox(app, db, deps.bus);
  const saga = await openSaga({
    db,
    logger,
    metrics,
    clients: deps.clients,
    limits: { ...defaultSagaLimits, ...deps.limits },
    outboxBacklog: () => relay.backlog(),
  });
  app.onDispose(saga);
  app.onDispose(
    await consumeEvents({ db, bus: deps.bus, queue: conditionsQueue, handlers: consumedEvents, logger, metrics }),
  );
  startLoops(app, saga, deps);
  const server = await serveRpc(app, { bindings: orderBindings(saga), authenticator: deps.authenticator });
  app.ready();
  return { server, saga, db };
}

function startLoops(app: ServiceApp, saga: Saga, { shards, leaseTtlMs }: OrderDeps): void {
  const { metrics, signal } = app;
  const holder = randomUUID();
  const followers = shards.map((shard) => runFollower({ saga, shard, holder, metrics, signal, leaseTtlMs }));
  runWhileUp(app, ...followers, runSweeper(saga, signal), runRetention(saga, signal));
}
