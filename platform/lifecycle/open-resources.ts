/** Opens what a service's declaration says that it needs. */
import type { DescService } from '@bufbuild/protobuf';
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { apiKeyVerdictOf } from '#platform/auth/api-key-verdict.ts';
import { type Authenticator, createAuthenticator } from '#platform/auth/authenticator.ts';
import { createServiceTokenSource } from '#platform/auth/service-token.ts';
import type { Bus } from '#platform/bus/bus.ts';
import { createBus } from '#platform/bus/create-bus.ts';
import { type OutboxRelay, startOutboxRelay } from '#platform/bus/outbox-relay.ts';
import { migrateBus } from '#platform/bus/postgres/migrate-bus.ts';
import { startRetention } from '#platform/bus/retention.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { migrate, migratePlatform } from '#platform/postgres/migrate.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import type { OwnedApp, ServiceApp } from './service-app.ts';
import type { DatabaseNeeds, ServiceNeeds } from './service-needs.ts';

/** A client of a proto service at `callee`, by default the service that owns it. The callee must be among the declared calls. */
export type ClientFactory = <S extends DescService>(service: S, callee?: string) => RpcClient<S>;

/** What every service gets. */
type CommonResources = {
  clientOf: ClientFactory;
  /** Verifies service tokens, and user tokens with the keys of the user service. */
  authenticator: Authenticator;
};

/** What a service gets for its declaration: it has no database and no bus that it did not declare. */
export type Resources<N extends ServiceNeeds = ServiceNeeds> = CommonResources &
  (N extends { database: DatabaseNeeds } ? { db: Database } : unknown) &
  (N extends { bus: { outbox: true } } ? { outbox: OutboxRelay } : unknown) &
  (N extends { bus: object } ? { bus: Bus } : unknown);

/** A process with the resources of a service opened in it. */
export type AppOf<N extends ServiceNeeds> = ServiceApp & Resources<N>;

/** Parts that tests replace. */
export type ResourceOverrides = { authenticator?: Authenticator };

/**
 * Opens the resources and adds them to the app, with which they close. Waits until the database can be reached and its migrations are
 * applied; callees and the bus may come later. Throws ConfigError when an address is missing.
 */
export async function openResources<A extends OwnedApp, const N extends ServiceNeeds>(
  app: A,
  needs: N,
  overrides: ResourceOverrides = {},
): Promise<A & Resources<N>> {
  const clientOf = createClientFactory(app, needs.calls);
  const authenticator = overrides.authenticator ?? createUserAuthenticator(app, needs, clientOf);
  const db = needs.database && (await openOwnDatabase(app, needs.database));
  const events = needs.bus && (await openEvents(app, needs.bus, db));
  return Object.assign(app, { clientOf, authenticator, ...(db && { db }), ...events }) as A & Resources<N>;
}

/** Applies the migrations of a service to its database, and those of the bus to the bus's if it is on it; opens nothing else. */
export async function migrateResources(app: OwnedApp, { database, bus }: ServiceNeeds): Promise<void> {
  if (database !== undefined) await openOwnDatabase(app, database);
  const { busDatabaseUrl } = app.config;
  if (bus !== undefined && busDatabaseUrl !== '') await migrateBus(busDatabaseUrl, app);
}

/** Whether this process may change schemas now. */
function mayMigrateIn({ config, role }: ServiceApp): () => boolean {
  return () => (config.migratesOnly || config.migratesAtStart) && role.isPromoted();
}

/** Makes clients that call with the service's own identity, are logged and measured, and close with the app. */
function createClientFactory(app: ServiceApp, calls: readonly string[]): ClientFactory {
  const { name, config, logger, metrics } = app;
  const serviceToken = createServiceTokenSource(name, config.serviceKeys);
  return (service, callee = ownerOf(service)) => {
    if (!calls.includes(callee)) throw new TypeError(`${name} does not declare that it calls ${callee}`);
    const client = createRpcClient(service, { address: config.addressOf(callee), serviceToken, logger, metrics });
    app.onDispose(client);
    return client;
  };
}

/** The service that owns a proto service: `outcry.<owner>.v1.<Service>`. */
function ownerOf(service: DescService): string {
  return service.typeName.split('.')[1] ?? '';
}

const verifyTimeoutMs = 5_000;

/** A service that does not call the user service accepts no user. */
function createUserAuthenticator(app: ServiceApp, needs: ServiceNeeds, clientOf: ClientFactory): Authenticator {
  const readServiceKeys = app.config.serviceKeys.readPublic;
  if (!needs.calls.includes('user'))
    return createAuthenticator({ readServiceKeys, fetchJwks: async () => ({ keys: [] }) });
  const [sessions, users] = [clientOf(SessionService), clientOf(UserInternalService)];
  return createAuthenticator({
    readServiceKeys,
    fetchJwks: async () => JSON.parse((await sessions.getJwks({})).jwksJson),
    verifyApiKey: async (apiKey, clientAddress) =>
      apiKeyVerdictOf(await users.verifyApiKey({ apiKey, clientAddress }, { timeoutMs: verifyTimeoutMs })),
  });
}

async function openOwnDatabase(app: ServiceApp, { migrations, poolMax }: DatabaseNeeds): Promise<Database> {
  const { name, config, logger, metrics, signal } = app;
  const size = Math.min(poolMax ?? Number.POSITIVE_INFINITY, config.databasePoolMax);
  const db = openDatabase({ url: config.databaseUrl, applicationName: name, poolMax: size, logger, metrics });
  app.onDispose(db);
  const options = { signal, logger, mayMigrate: mayMigrateIn(app) };
  if (migrations === undefined) await migratePlatform(db, options);
  else await migrate(db, migrations, options);
  return db;
}

async function openEvents(app: ServiceApp, { outbox: hasOutbox }: { outbox: boolean }, db: Database | undefined) {
  const { name: serviceName, config, logger, metrics, role } = app;
  if (db === undefined) throw new TypeError(`${serviceName} declares a bus without a database`);
  const { busDatabaseUrl, amqpUrl } = config;
  const { isPromoted } = role;
  const [mayMigrate, mayPurge] = [mayMigrateIn(app), isPromoted];
  const bus = await createBus({ busDatabaseUrl, amqpUrl, serviceName, logger, metrics, mayMigrate, mayPurge });
  app.onDispose(bus);
  if (!hasOutbox) {
    app.onDispose(startRetention({ db, logger, mayWork: isPromoted }));
    return { bus };
  }
  const outbox = startOutboxRelay({ db, bus, logger, metrics, mayWork: isPromoted });
  app.onDispose(outbox);
  return { bus, outbox };
}
