/** The process that publishes, straight to the bus or through an outbox as a service does. */
import { randomBytes } from 'node:crypto';
import type { Bus, BusEvent } from '#platform/bus/bus.ts';
import { enqueueEvents } from '#platform/bus/outbox.ts';
import { type OutboxRelay, startOutboxRelay } from '#platform/bus/outbox-relay.ts';
import { createPostgresBus } from '#platform/bus/postgres/postgres-bus.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { type Database, openDatabase } from '#platform/postgres/database.ts';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { pause } from '#platform/time/pause.ts';
import { serveTasks } from '../system/helper-process.ts';

/** A page of events again and again, for so long. */
export type PublishLoad = { durationMs: number; pageSize: number; payloadBytes: number; type: string };

/** The tasks of this process. */
export type PublisherTasks = {
  connect(options: { busUrl: string; databaseUrl: string }): Promise<void>;
  /** Publishes page after page, each when the bus has the one before. Resolves to the number of events. */
  publish(load: PublishLoad): Promise<number>;
  /** Writes page after page into the outbox, each in a transaction, and waits until the relay has published all. */
  writeOutbox(load: PublishLoad): Promise<number>;
};

const keys = Array.from({ length: 1_000 }, () => uuidV7());
const traceparent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
const logger = createLogger({ service: 'bench', level: 'warn' });
/** Events in the outbox above which the writer waits, as a service refuses new work. */
const backlogMax = 20_000;
let bus: Bus;
let db: Database;

serveTasks({
  async connect({ busUrl, databaseUrl }) {
    bus = createPostgresBus({ url: busUrl, serviceName: 'publisher', logger });
    db = openDatabase({ url: databaseUrl, applicationName: 'publisher', logger });
    await migratePlatform(db);
  },
  publish: (load) => repeat(load, (events) => bus.publish(events)),
  async writeOutbox(load) {
    await using relay = startOutboxRelay({ db, bus, logger });
    const events = await repeat(load, async (page) => {
      await db.transaction((tx) => enqueueEvents(tx, page));
      await untilBelow(relay, backlogMax);
    });
    await untilBelow(relay, 0);
    return events;
  },
} satisfies PublisherTasks);

async function repeat(load: PublishLoad, send: (events: BusEvent[]) => Promise<void>): Promise<number> {
  const endTimeMs = performance.now() + load.durationMs;
  const payload = randomBytes(load.payloadBytes);
  let count = 0;
  while (performance.now() < endTimeMs) {
    await send(Array.from({ length: load.pageSize }, (_, index) => eventOf(load.type, payload, count + index)));
    count += load.pageSize;
  }
  return count;
}

function eventOf(type: string, payload: Uint8Array, index: number): BusEvent {
  const key = keys[index % keys.length] as string;
  return { id: uuidV7(), type, key, payload, timeMs: Date.now(), traceparent };
}

async function untilBelow(relay: OutboxRelay, events: number): Promise<void> {
  while (relay.backlog().events > events) await pause(20);
}
