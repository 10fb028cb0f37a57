import { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import type { Bus, BusEvent } from '#platform/bus/bus.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { createTestApp } from '#platform/testing/service-app.ts';
import { createTestIdentity, type TestUser } from '#platform/testing/tokens.ts';
import type { Clients } from '../clients/clients.ts';
import type { SagaLimits } from '../deps.ts';
import { createOrderService } from '../server.ts';
import { createFakeExchange } from './fake-exchange.ts';
import { createFakeLedger } from './fake-ledger.ts';
import { createFakeMarket } from './fake-market.ts';

/** Everything around the order service, and any number of its replicas on one database. */
export type World = Awaited<ReturnType<typeof createWorld>>;

/** A running replica and clients for it. */
export type Replica = Awaited<ReturnType<World['startReplica']>>;

/** Tests do not wait for seconds. */
const quickLimits: Partial<SagaLimits> = { sweepAgeMs: 150, immediateAgeMaxMs: 600, feedWaitMs: 1_000 };

/** Fakes, a real database and a bus that remembers. */
export async function createWorld() {
  const db: OpenTestDatabase = await openTestDatabase();
  const identity = await createTestIdentity();
  const exchange = createFakeExchange();
  const ledger = createFakeLedger();
  const market = createFakeMarket();
  const published: BusEvent[] = [];
  const handlers: ((event: BusEvent) => Promise<void>)[] = [];
  const bus: Bus = {
    publish: async (events) => void published.push(...events),
    subscribe: async ({ handle }) => {
      handlers.push(handle);
      return { [Symbol.asyncDispose]: async () => {} };
    },
    deadLetters: { list: async () => ({ deadLetters: [], nextPageToken: '' }), redrive: async () => 0 },
    [Symbol.asyncDispose]: async () => {},
  };
  const clients: Clients = {
    exchange: exchange.exchange,
    exchangeFeed: exchange.exchangeFeed,
    ledger: ledger.ledger,
    market: market.market,
    user: market.user,
  };
  const apps: AsyncDisposable[] = [];

  const startReplica = async (limits: Partial<SagaLimits> = {}) => {
    const app = createTestApp('order', { databaseUrl: db.url });
    apps.push(app);
    const { authenticator } = identity;
    const mortal = mortalClients(clients);
    const { server, saga } = await createOrderService(app, {
      authenticator,
      clients: mortal.clients,
      bus,
      shards: [0],
      limits: { ...quickLimits, ...limits },
      leaseTtlMs: 300,
    });
    const options = { address: `ipv4:127.0.0.1:${server.port}`, serviceToken: undefined };
    const orders = createRpcClient(OrderService, options);
    app.onDispose(orders);
    const internalFor = (service: string) =>
      createRpcClient(OrderInternalService, { ...options, serviceToken: () => identity.serviceToken(service) });
    return { app, saga, orders, internalFor, die: mortal.die, stop: () => app[Symbol.asyncDispose]() };
  };

  return {
    db,
    exchange,
    ledger,
    market,
    published,
    startReplica,
    /** Hands an event to the service as the bus would. */
    deliver: (event: BusEvent) => Promise.all(handlers.map((handle) => handle(event))),
    /** An account and the token of its owner. */
    async newUser(user: TestUser = {}) {
      const userId = user.userId ?? uuidV7();
      return { userId, userToken: await identity.userToken({ ...user, userId }) };
    },
    async [Symbol.asyncDispose]() {
      for (const app of apps) await app[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

/** Clients that do nothing any more once their process is dead. */
function mortalClients(clients: Clients) {
  let dead = false;
  const mortal = (target: object) =>
    new Proxy(target, {
      get(object, name) {
        const call: unknown = Reflect.get(object, name);
        if (typeof call !== 'function') return call;
        return (...values: unknown[]) => {
          if (dead) throw new Error('this process is dead');
          return call.apply(object, values);
        };
      },
    });
  const wrapped = Object.fromEntries(Object.entries(clients).map(([name, client]) => [name, mortal(client)]));
  const die = () => {
    dead = true;
  };
  return { clients: wrapped as Clients, die };
}
