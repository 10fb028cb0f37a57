/** The notification service as a whole: database, events, deliveries, RPCs. */
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import { createServiceTokenSource } from '#platform/auth/service-token.ts';
import { consumeEvents } from '#platform/bus/consume-events.ts';
import { createBus } from '#platform/bus/create-bus.ts';
import { startRetention } from '#platform/bus/retention.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import type { NotificationConfig } from './config.ts';
import { createContactBook } from './contacts/contact-book.ts';
import { createMailer } from './delivery/mailer.ts';
import { startDeliveries } from './delivery/start-deliveries.ts';
import { factHandlers, factQueue } from './events/consumed.ts';
import { purgeOnce } from './maintenance.ts';
import type { NotificationDeps } from './notification-deps.ts';
import { bindNotificationServices } from './notification-service.ts';

/** The running service; it ends with its app. */
export type RunningNotification = { port: number; deps: NotificationDeps };

/** Parts that tests replace. */
export type NotificationOverrides = { now?: () => number; sendTimeoutMs?: number };

const poolMax = 4;
const purgeEveryMs = 10 * 60_000;

/**
 * Starts the service inside the app and says ready. Waits for its database and the bus; the mail server and the user service may
 * come later and go.
 */
export async function createNotificationService(
  app: ServiceApp,
  config: NotificationConfig & { authenticator: Authenticator },
  { now = Date.now, sendTimeoutMs }: NotificationOverrides = {},
): Promise<RunningNotification> {
  const { logger, metrics, signal, name } = app;
  const { databaseUrl, databasePoolMax, busDatabaseUrl } = app.config;
  const size = Math.min(poolMax, databasePoolMax);
  const db = openDatabase({ url: databaseUrl, applicationName: name, poolMax: size, logger, metrics });
  app.onDispose(db);
  await migrate(db, new URL('./store/migrations/', import.meta.url), { signal, logger });
  const deps: NotificationDeps = { db, notifier: createNotifier(), now };
  openDeliveries(app, config, deps, sendTimeoutMs);
  const bus = createBus({ busDatabaseUrl, serviceName: name, logger, metrics });
  app.onDispose(bus);
  app.onDispose(await consumeEvents({ db, bus, queue: factQueue, handlers: factHandlers(deps), logger, metrics }));
  app.onDispose(startRetention({ db, logger }));
  const purging = runPeriodically({
    name: 'purge',
    work: () => purgeOnce(db, now()),
    pauseMs: purgeEveryMs,
    pauseFirst: true,
    signal,
    logger,
  });
  app.onDispose({ [Symbol.asyncDispose]: () => purging });
  const { authenticator } = config;
  const server = await serveRpc(app, { bindings: bindNotificationServices(deps), authenticator });
  app.ready();
  return { port: server.port, deps };
}

function openDeliveries(
  app: ServiceApp,
  config: NotificationConfig,
  deps: NotificationDeps,
  sendTimeoutMs: number | undefined,
): void {
  const { logger, metrics } = app;
  const users = createRpcClient(UserInternalService, {
    address: config.userAddress,
    serviceToken: createServiceTokenSource(app.name, app.config.serviceTokenSecret),
    logger,
    metrics,
  });
  app.onDispose(users);
  const { smtpUrl, mailFrom, deliveriesMax } = config;
  startDeliveries(app, {
    ...config,
    deps,
    contacts: createContactBook(deps.db, users),
    mailer: createMailer({ smtpUrl, mailFrom, connectionsMax: deliveriesMax, sendTimeoutMs }),
  });
}
