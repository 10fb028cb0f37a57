/** The order service as a whole: its dependencies, consumers, jobs and RPCs. */

import { randomUUID } from 'node:crypto';
import { createBatcher } from '#platform/batch/batcher.ts';
import { isItemFault } from '#platform/batch/item-fault.ts';
import { consumeEvents } from '#platform/bus/consume-events.ts';
import { fixedClock } from '#platform/clock/clock.ts';
import { inRole, openInRole } from '#platform/lifecycle/in-role.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { type Clients, openClients } from './clients/clients.ts';
import { createExchangeCommands } from './clients/exchange-commands.ts';
import { createExchangeRules } from './clients/exchange-rules.ts';
import { createHolds } from './clients/holds.ts';
import { createInstruments } from './clients/instruments.ts';
import { createListCommands } from './clients/list-commands.ts';
import { createOwnedShares } from './clients/owned-shares.ts';
import { openPriceCopy } from './clients/price-copy.ts';
import { createQuotes } from './clients/quotes.ts';
import { createSessions } from './clients/sessions.ts';
import { openTradingConditions } from './clients/trading-conditions.ts';
import { createTrails } from './clients/trails.ts';
import type { OrderConfig } from './config.ts';
import type { OrderDeps } from './deps.ts';
import type { Order } from './domain/order.ts';
import { conditionsQueue, consumedEvents } from './events/consumed.ts';
import { consumeExchange } from './feed/consume-exchange.ts';
import { confirmExchange } from './jobs/confirm-exchange.ts';
import { reconcileConditions } from './jobs/reconcile-conditions.ts';
import { runRetention } from './jobs/retention.ts';
import { runSweeper } from './jobs/sweeper.ts';
import type { needs } from './needs.ts';
import { orderBindings } from './rpc/bindings.ts';
import { createOrderMetrics, measurePending } from './saga/order-metrics.ts';
import { type IntentRequest, type IntentResult, placeIntents } from './saga/place-intents.ts';
import { type ListIntent, type ListIntentResult, placeListIntents } from './saga/place-list-intents.ts';
import { type RefusedOrder, refuseOrders } from './saga/refuse-orders.ts';
import { openChangeWatch } from './store/change-watch.ts';
import { readOrders } from './store/read-orders.ts';
import { readPendingAge } from './store/read-pending-age.ts';
import { type Step, takeSteps } from './store/take-steps.ts';

type OrderApp = AppOf<typeof needs>;

/** Parts that tests replace. */
export type OrderOverrides = {
  clients?: Clients;
  nowMs?: () => number;
  /** How long a silent replica holds the lease of a feed's consumer, in ms; default 3,000. */
  leaseTtlMs?: number;
  /** From one confirmation of a feed to the next, in ms; default 10,000. */
  confirmPauseMs?: number;
};

/** The running service; it ends with its app. */
export type RunningOrderService = { port: number; deps: OrderDeps };

/** Starts consumers and jobs, serves, and says ready. */
export async function createOrderService(
  app: OrderApp,
  config: OrderConfig,
  overrides: OrderOverrides = {},
): Promise<RunningOrderService> {
  const { db, bus, logger, metrics } = app;
  const deps = await openDeps(app, config, overrides);
  await openInRole(app, () =>
    consumeEvents({ db, bus, queue: conditionsQueue, handlers: consumedEvents, logger, metrics }),
  );
  startWork(app, deps, config.shards, overrides);
  measurePending(metrics, () => readPendingAge(db));
  const server = await serveRpc(app, { bindings: orderBindings(deps), authenticator: app.authenticator });
  app.ready();
  return { port: server.port, deps };
}

async function openDeps(
  app: OrderApp,
  { limits, shards }: OrderConfig,
  { clients = openClients(app.clientOf), nowMs: machineMs }: OrderOverrides,
): Promise<OrderDeps> {
  const { db, outbox, logger, metrics } = app;
  const nowMs = machineMs ?? Date.now;
  const clock = machineMs === undefined ? app.clock : fixedClock(machineMs);
  const { market, user, ledger, exchange, exchangeFeed } = clients;
  const batch = { itemsMax: 200, queueLengthMax: 10_000, metrics, isItemFault };
  const closeWithApp = <R extends AsyncDisposable>(resource: R): R => {
    app.onDispose(resource);
    return resource;
  };
  // The app closes the last one first. An order needs them from the last to the first, so those in work find each that they still need.
  const changes = closeWithApp(await openChangeWatch(db));
  const reads = closeWithApp(
    createBatcher<string, Order | undefined>({ ...batch, name: 'order_reads', flush: (ids) => readOrders(db, ids) }),
  );
  const commands = closeWithApp(createExchangeCommands({ exchange, clock, metrics }));
  const lists = closeWithApp(createListCommands({ exchange, metrics }));
  const trails = closeWithApp(createTrails({ exchange, metrics }));
  const steps = closeWithApp(
    createBatcher<Step, boolean>({ ...batch, name: 'order_steps', flush: (items) => takeSteps(db, items) }),
  );
  const refusals = closeWithApp(
    createBatcher<RefusedOrder, Order>({
      ...batch,
      name: 'order_refusals',
      flush: (refused) => refuseOrders(db, refused, clock.nowMs()),
    }),
  );
  const holds = closeWithApp(createHolds({ ledger, metrics }));
  const intents = closeWithApp(
    createBatcher<IntentRequest, IntentResult>({
      ...batch,
      name: 'order_intents',
      flush: (requests) => placeIntents(db, requests),
    }),
  );
  const listIntents = closeWithApp(
    createBatcher<ListIntent, ListIntentResult>({
      ...batch,
      name: 'order_list_intents',
      flush: (requests) => placeListIntents(db, requests),
    }),
  );
  const tradingConditions = closeWithApp(await openTradingConditions({ db, user, metrics }));
  const copy = closeWithApp(openPriceCopy({ market, logger, metrics }));
  return {
    db,
    logger,
    metrics: createOrderMetrics(metrics),
    limits,
    nowMs,
    clock,
    instruments: createInstruments({ copy, market }),
    quotes: createQuotes({ copy }),
    tradingConditions,
    holds,
    ownedShares: createOwnedShares({ ledger }),
    exchange: commands,
    exchangeRules: createExchangeRules({ exchange }),
    lists,
    trails,
    exchangeFeed,
    sessions: createSessions({ db, exchange, shards, nowMs, clock }),
    users: user,
    placeIntent: { enqueue: (request, time) => intents.submit(request, time) },
    placeListIntent: { enqueue: (intent, time) => listIntents.submit(intent, time) },
    refuseOrder: { enqueue: (refused) => refusals.submit(refused) },
    takeStep: { enqueue: (step) => steps.submit(step) },
    readOrder: { load: (orderId) => reads.submit(orderId) },
    changes,
    outboxBacklog: () => outbox.backlog(),
  };
}

/** Starts what runs by itself until the app drains; in a canary, once it is promoted. */
function startWork(app: OrderApp, deps: OrderDeps, shards: number[], overrides: OrderOverrides): void {
  const { metrics } = app;
  const { leaseTtlMs, confirmPauseMs: pauseMs } = overrides;
  const holder = randomUUID();
  const start = (signal: AbortSignal) => [
    ...shards.map((shard) => consumeExchange(deps, { shard, holder, leaseTtlMs, metrics, signal })),
    ...shards.map((shard) => confirmExchange(deps, { shard, pauseMs, metrics, signal })),
    runSweeper(deps, signal),
    runRetention(deps, signal),
    reconcileConditions(deps, { signal, metrics }),
  ];
  joinOnShutdown(app, inRole(app, start));
}
