/** Opens the bus for the service in an app. */
import type { Bus } from '#platform/bus/bus.ts';
import { createBus } from '#platform/bus/create-bus.ts';
import { type OutboxRelay, startOutboxRelay } from '#platform/bus/outbox-relay.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { ServiceApp } from './service-app.ts';

/** The bus that the app's configuration names; closes with the app. Throws when it names none. */
export function openBus(app: ServiceApp): Bus {
  const { name: serviceName, config, logger, metrics } = app;
  const { busDatabaseUrl, amqpUrl } = config;
  const bus = createBus({ busDatabaseUrl, amqpUrl, serviceName, logger, metrics });
  app.onDispose(bus);
  return bus;
}

/** Publishes what the service puts into its outbox, until the app ends. */
export function relayOutbox(app: ServiceApp, db: Database, bus: Bus): OutboxRelay {
  const relay = startOutboxRelay({ db, bus, logger: app.logger, metrics: app.metrics });
  app.onDispose(relay);
  return relay;
}
