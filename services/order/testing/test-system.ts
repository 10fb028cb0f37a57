/**
 * The order service under test: any number of its replicas on one real database and one real bus, and fakes of the services that they call.
 *
 *   const system = await openTestSystem();
 *   const replica = await system.startReplica();
 *   const owner = await system.newUser();
 *   await replica.orders.placeOrder({ clientOrderId: 'k', terms: limitTerms('buy', '1', '50') }, owner);
 *   system.exchange.isOpen(...); system.ledger.holds.get(...);
 *
 * `system.exchange`, `system.ledger` and `system.market` hold what the fakes have seen, and break on request: `faults.fail(...)`.
 */
import { OrderEndedSchema, OrderFilledSchema, OrderOpenedSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { openTestBus } from '#platform/testing/bus.ts';
import { openTestDatabase } from '#platform/testing/database.ts';
import { openTestApp } from '#platform/testing/service-app.ts';
import { createTestIdentity, type TestUser } from '#platform/testing/tokens.ts';
import type { Clients } from '../clients/clients.ts';
import { defaultLimits, type OrderLimits } from '../config.ts';
import { needs } from '../needs.ts';
import { createOrderService } from '../server.ts';
import { createFakeExchange } from './fake-exchange.ts';
import { createFakeLedger } from './fake-ledger.ts';
import { createFakeMarket } from './fake-market.ts';

/** The service and its surroundings. */
export type TestSystem = Awaited<ReturnType<typeof openTestSystem>>;

/** A running replica and clients for it. */
export type Replica = Awaited<ReturnType<TestSystem['startReplica']>>;

/** Tests wait for the sweeper, and a stalled machine does not change what they show. */
const testLimits: OrderLimits = { ...defaultLimits, sweepAgeMs: 150, feedWaitMs: 5_000 };

/** Opens database, bus and fakes; no replica runs yet. */
export async function openTestSystem() {
  const [db, bus, identity] = [await openTestDatabase(), await openTestBus(), await createTestIdentity()];
  const [exchange, ledger, market] = [createFakeExchange(), createFakeLedger(), createFakeMarket()];
  const types = [OrderOpenedSchema, OrderFilledSchema, OrderEndedSchema].map(({ typeName }) => typeName);
  const { handled: published } = await bus.collect({ queue: 'test.orders', types });
  const apps: AsyncDisposable[] = [];
  const clock = { aheadMs: 0 };

  const startReplica = async (limits: Partial<OrderLimits> = {}, { databaseUrl = db.url } = {}) => {
    const { authenticator } = identity;
    const app = await openTestApp(needs, { databaseUrl, busDatabaseUrl: bus.db.url, authenticator });
    apps.push(app);
    const connection = createConnection({ ...exchange, ...ledger, ...market });
    const config = { shards: [0], limits: { ...testLimits, ...limits } };
    const nowMs = () => Date.now() + clock.aheadMs;
    const overrides = { clients: connection.clients, nowMs, leaseTtlMs: 300, confirmPauseMs: 50 };
    const { port, deps } = await createOrderService(app, config, overrides);
    const options = { address: `ipv4:127.0.0.1:${port}`, serviceToken: undefined };
    const orders = createRpcClient(OrderService, options);
    app.onDispose(orders);
    const stop = () => app[Symbol.asyncDispose]();
    return {
      app,
      deps,
      orders,
      /** A client with the identity of another service. */
      internalFor: (service: string) =>
        createRpcClient(OrderInternalService, { ...options, serviceToken: () => identity.serviceToken(service) }),
      /** Ends it in order. */
      stop,
      /** Ends it as a crash would: none of its calls leaves any more. */
      kill: () => {
        connection.cut();
        return stop();
      },
    };
  };

  return {
    db,
    bus: bus.bus,
    exchange,
    ledger,
    market,
    /** The clock of all replicas is ahead of the real one by this. Calls with a deadline need 0. */
    clock,
    /** Events of the order service that the bus has delivered, in order. */
    published,
    startReplica,
    /** An account and the token of its owner. */
    async newUser(user: TestUser = {}) {
      const userId = user.userId ?? uuidV7();
      return { userId, userToken: await identity.userToken({ ...user, userId }) };
    },
    async [Symbol.asyncDispose]() {
      for (const app of apps) await app[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

/** Clients of one process; `cut` makes all of them throw. */
function createConnection({ exchange, exchangeFeed, ledger, market, user }: Clients) {
  let isCut = false;
  const throughConnection = <C extends object>(client: C): C =>
    new Proxy(client, {
      get(target, name) {
        const call: unknown = Reflect.get(target, name);
        if (typeof call !== 'function') return call;
        return (...values: unknown[]) => {
          if (isCut) throw unavailable();
          return call.apply(target, values);
        };
      },
    });
  const clients: Clients = {
    exchange: throughConnection(exchange),
    exchangeFeed: throughConnection(exchangeFeed),
    ledger: throughConnection(ledger),
    market: throughConnection(market),
    user: throughConnection(user),
  };
  const cut = () => {
    isCut = true;
  };
  return { clients, cut };
}
