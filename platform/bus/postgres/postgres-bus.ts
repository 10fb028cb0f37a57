import { randomUUID } from 'node:crypto';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { withDatabaseRetry } from '#platform/postgres/retry.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import { timeoutSignal } from '#platform/time/within.ts';
import { countBy } from '../attempt.ts';
import { type Bus, requirePublishable, requireQueueName } from '../bus.ts';
import { bindQueue } from './bind-queue.ts';
import { startConsumer } from './consumer.ts';
import { createDeadLetters } from './dead-letters.ts';
import { findWaiting } from './find-waiting.ts';
import { applyBusMigrations } from './migrate-bus.ts';
import { publishEvents } from './publish-events.ts';
import { type BusRetention, purgeBus } from './purge.ts';

const purgeIntervalMs = 60_000;

/**
 * The bus in a PostgreSQL database of its own. Connects when it is first used, with at most three connections and one more
 * that listens once there is a subscription; makes its tables by itself.
 */
export function createPostgresBus(options: {
  url: string;
  serviceName: string;
  logger: Logger;
  metrics?: Metrics;
  retention?: BusRetention;
  /** Whether this process may make tables now; default always. */
  mayMigrate?: () => boolean;
  /** Whether it may delete old events now; default always. */
  mayPurge?: () => boolean;
}): Bus {
  const { url, serviceName, logger, metrics, retention, mayMigrate = () => true, mayPurge = () => true } = options;
  // Off for positions and retries: if a crash of the server undoes one, the event is delivered again, and inboxes know it. What
  // must not be lost asks for a durable commit itself.
  const synchronousCommit = 'off';
  const applicationName = `${serviceName} bus`;
  const holder = `${serviceName} ${randomUUID()}`;
  const db = openDatabase({ url, applicationName, poolMax: 3, synchronousCommit, logger, metrics });
  const closing = new AbortController();
  const consumers = new Set<AsyncDisposable>();
  const published = metrics?.counter({
    name: 'messaging_client_sent_messages_total',
    help: 'Events accepted by the bus.',
    labels: ['type'],
  });
  let purging: Promise<void> | undefined;
  let purgeTimer: Timer | undefined;
  const startPurging = () => {
    // Random, so that processes started together take turns.
    const delayMs = purgeIntervalMs * (0.75 + Math.random() / 2);
    purgeTimer = startTimer(delayMs, () => {
      purging = (mayPurge() ? purgeBus(db, retention) : Promise.resolve())
        .catch((error) => logger.warn({ error }, 'old events could not be removed'))
        .finally(() => !closing.signal.aborted && startPurging());
    }).unref();
  };
  const ready = createReady(db, { closing: closing.signal, onReady: startPurging, mayMigrate });

  return {
    async publish(events) {
      requirePublishable(events);
      if (events.length === 0) return;
      await ready();
      await publishEvents(db, events);
      for (const [type, count] of countBy(events, (event) => event.type)) published?.inc({ type }, count);
    },
    async subscribe(subscription) {
      const { queue, types } = subscription;
      requireQueueName(queue);
      await withDatabaseRetry(
        async () => {
          await ready();
          await bindQueue(db, queue, types);
        },
        { signal: closing.signal, logger },
      );
      const consumer = await startConsumer({ db, subscription, holder, logger, metrics });
      consumers.add(consumer);
      return {
        async [Symbol.asyncDispose]() {
          consumers.delete(consumer);
          await consumer[Symbol.asyncDispose]();
        },
      };
    },
    async findWaiting(queue, ids) {
      await ready();
      return findWaiting(db, queue, ids);
    },
    deadLetters: createDeadLetters(async () => {
      await ready();
      return db;
    }, logger),
    async [Symbol.asyncDispose]() {
      closing.abort();
      purgeTimer?.[Symbol.dispose]();
      await Promise.all([...consumers].map((consumer) => consumer[Symbol.asyncDispose]()));
      await purging;
      await db[Symbol.asyncDispose]();
    },
  };
}

/** Makes the tables before the first use, and again tries when that failed; fails within seconds when it cannot. */
function createReady(
  db: Database,
  { closing, onReady, mayMigrate }: { closing: AbortSignal; onReady: () => void; mayMigrate: () => boolean },
): () => Promise<void> {
  let migrating: Promise<void> | undefined;
  return () => {
    migrating ??= applyBusMigrations(db, {
      signal: AbortSignal.any([closing, timeoutSignal(3_000)]),
      mayMigrate,
    })
      .then(onReady)
      .catch((error) => {
        migrating = undefined;
        throw error.name === 'TimeoutError' || error.name === 'AbortError' ? unavailable() : error;
      });
    return migrating;
  };
}
