import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { Bus } from './bus.ts';
import { createPostgresBus } from './postgres/postgres-bus.ts';

/** The bus that the environment names. Throws when it names none, or RabbitMQ, for which there is no driver yet. */
export function createBus(options: {
  busDatabaseUrl?: string;
  amqpUrl?: string;
  serviceName: string;
  logger: Logger;
  metrics?: Metrics;
}): Bus {
  const { busDatabaseUrl, amqpUrl, serviceName, logger, metrics } = options;
  if (amqpUrl) throw new Error('AMQP_URL is set, but the RabbitMQ driver is not part of this release; unset it');
  if (!busDatabaseUrl) throw new Error('BUS_DATABASE_URL is not set');
  return createPostgresBus({ url: busDatabaseUrl, serviceName, logger, metrics });
}
