import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { Bus } from './bus.ts';
import { createPostgresBus } from './postgres/postgres-bus.ts';

/**
 * The bus that the environment names: on RabbitMQ if there is an address of it, else in its database. Throws when it names none.
 */
export async function createBus(options: {
  busDatabaseUrl?: string;
  amqpUrl?: string;
  serviceName: string;
  logger: Logger;
  metrics?: Metrics;
  /** Whether this process may make tables of the bus now; default always. */
  mayMigrate?: () => boolean;
  /** Whether it may delete old events now; default always. */
  mayPurge?: () => boolean;
}): Promise<Bus> {
  const { busDatabaseUrl, amqpUrl, mayMigrate, mayPurge, ...common } = options;
  if (amqpUrl) {
    // Loaded for those who use it: the other bus needs none of its memory.
    const { createRabbitmqBus } = await import('./rabbitmq/rabbitmq-bus.ts');
    return createRabbitmqBus({ ...common, url: amqpUrl });
  }
  if (!busDatabaseUrl) throw new Error('neither AMQP_URL nor BUS_DATABASE_URL is set');
  return createPostgresBus({ ...common, url: busDatabaseUrl, mayMigrate, mayPurge });
}
