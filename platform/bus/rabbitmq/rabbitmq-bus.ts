import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { countBy } from '../attempt.ts';
import { type Bus, requirePublishable, requireQueueName } from '../bus.ts';
import { createBrokerLink } from './broker-link.ts';
import { startConsumer } from './consumer.ts';
import { createDeadLetters } from './dead-letters.ts';
import { pagesOf } from './message.ts';
import { createPublisher } from './publisher.ts';
import { declareAll, defaultWaitSteps, type WaitSteps } from './topology.ts';

const defaultRetryPollMs = 1_000;

/**
 * The bus on RabbitMQ. Connects when it is first used and as often as the connection is lost, twice: the broker stops reading from a
 * connection that publishes while it is short of memory or disk, and consumers acknowledge on the other.
 */
export function createRabbitmqBus(options: {
  /** `amqp://user:password@host:port/vhost`, or `amqps:`. */
  url: string;
  serviceName: string;
  logger: Logger;
  metrics?: Metrics;
  /** How long events wait before they are tried again. */
  waitSteps?: WaitSteps;
  /** How often an idle consumer looks for events that are due again, in ms; default 1 s. */
  retryPollMs?: number;
}): Bus {
  const { url, serviceName, logger, metrics, waitSteps = defaultWaitSteps, retryPollMs = defaultRetryPollMs } = options;
  const outward = createBrokerLink({ url, name: `${serviceName} publishes`, logger });
  const inward = createBrokerLink({ url, name: `${serviceName} consumes`, logger });
  const publisher = createPublisher(outward, (channel) => declareAll(channel, waitSteps));
  const consumers = new Set<AsyncDisposable>();
  const published = metrics?.counter({
    name: 'messaging_client_sent_messages_total',
    help: 'Events accepted by the bus.',
    labels: ['type'],
  });
  return {
    async publish(events) {
      requirePublishable(events);
      if (events.length === 0) return;
      await publisher.publish(pagesOf(events));
      for (const [type, count] of countBy(events, (event) => event.type)) published?.inc({ type }, count);
    },
    async subscribe(subscription) {
      requireQueueName(subscription.queue);
      const common = { link: inward, publisher, steps: waitSteps, retryPollMs, logger, metrics };
      const consumer = await startConsumer({ ...common, subscription });
      consumers.add(consumer);
      return {
        async [Symbol.asyncDispose]() {
          consumers.delete(consumer);
          await consumer[Symbol.asyncDispose]();
        },
      };
    },
    // A broker hands messages out and shows none that wait.
    findWaiting: async () => undefined,
    deadLetters: createDeadLetters({ link: inward, publisher, logger }),
    async [Symbol.asyncDispose]() {
      await Promise.all([...consumers].map((consumer) => consumer[Symbol.asyncDispose]()));
      await Promise.all([outward, inward].map((link) => link[Symbol.asyncDispose]()));
    },
  };
}
