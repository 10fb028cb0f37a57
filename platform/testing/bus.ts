import type { Bus, BusEvent, Subscription } from '#platform/bus/bus.ts';
import { createPostgresBus } from '#platform/bus/postgres/postgres-bus.ts';
import { createRabbitmqBus } from '#platform/bus/rabbitmq/rabbitmq-bus.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from './database.ts';
import { createTestHost } from './rabbitmq.ts';

/** Processes on one bus. */
export type TestProcesses = AsyncDisposable & {
  bus: Bus;
  /** Another process on the same bus. */
  openAnother(): Bus;
  /** Subscribes and records the handled events, each page as a whole; `handle` may fail. */
  collect(options: CollectOptions): Promise<{ handled: BusEvent[]; stop: () => Promise<void> }>;
};

/** A bus on a database of its own. */
export type TestBus = TestProcesses & { db: OpenTestDatabase };

/** A subscription whose events are recorded, at the test's own bus unless `from` names another. */
export type CollectOptions = Omit<Subscription, 'handlePage'> & {
  handle?: (event: BusEvent) => Promise<void>;
  from?: Bus;
};

/** Opens a bus; disposing it drops its database. */
export async function openTestBus(): Promise<TestBus> {
  const db = await openTestDatabase();
  const open = () => createPostgresBus({ url: db.url, serviceName: 'test', logger: silentLogger });
  const processes = openProcesses(open);
  return {
    ...processes,
    db,
    async [Symbol.asyncDispose]() {
      await processes[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

/** Opens a bus on a virtual host of its own. What fails there is due again within a fraction of a second. */
export async function openTestRabbitmqBus(): Promise<TestProcesses & { url: string }> {
  const url = await createTestHost();
  const options = { waitSteps: [20, 60, 200] as const, retryPollMs: 20 };
  const open = () => createRabbitmqBus({ url, serviceName: 'test', logger: silentLogger, ...options });
  return { ...openProcesses(open), url };
}

function openProcesses(open: () => Bus): TestProcesses {
  const buses: Bus[] = [];
  const openAnother = () => {
    const opened = open();
    buses.push(opened);
    return opened;
  };
  const bus = openAnother();
  return {
    bus,
    openAnother,
    async collect({ from = bus, handle, ...subscription }) {
      const handled: BusEvent[] = [];
      const running = await from.subscribe({
        ...subscription,
        handlePage: async (events) => {
          for (const event of events) await handle?.(event);
          handled.push(...events);
        },
      });
      return { handled, stop: async () => running[Symbol.asyncDispose]() };
    },
    async [Symbol.asyncDispose]() {
      for (const opened of buses) await opened[Symbol.asyncDispose]();
    },
  };
}

/** An event with a new id. */
export function eventOf(type: string, key = 'k'): BusEvent {
  return {
    id: uuidV7(),
    type,
    key,
    payload: new Uint8Array([1, 2, 255]),
    timeMs: 1_700_000_000_123,
    traceparent: '00-1-2-01',
  };
}

/** Events of one type, each with its number from 0 on as its key. */
export function eventsOf(type: string, count: number): BusEvent[] {
  return Array.from({ length: count }, (_, index) => eventOf(type, `${index}`));
}

/** The ids of events, in their order. */
export function idsOf(events: readonly BusEvent[]): string[] {
  return events.map(({ id }) => id);
}
