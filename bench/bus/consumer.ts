/** The process that consumes, with an inbox, as a service does. Its handler only counts. */
import { consumeEventPages } from '#platform/bus/consume-events.ts';
import { createPostgresBus } from '#platform/bus/postgres/postgres-bus.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { serveTasks } from '../system/helper-process.ts';

/** The tasks of this process. */
export type ConsumerTasks = {
  /** Subscribes a queue to one type of event. */
  consume(options: { busUrl: string; databaseUrl: string; type: string }): Promise<void>;
  /** Events handled so far, and in how many pages. */
  handled(options: object): Promise<{ events: number; pages: number }>;
};

const logger = createLogger({ service: 'bench', level: 'warn' });
const handled = { events: 0, pages: 0 };

serveTasks({
  async consume({ busUrl, databaseUrl, type }) {
    const db = openDatabase({ url: databaseUrl, applicationName: 'consumer', logger });
    await migratePlatform(db);
    const bus = createPostgresBus({ url: busUrl, serviceName: 'consumer', logger });
    const handle = async (events: unknown[]) => {
      handled.events += events.length;
      handled.pages += 1;
    };
    await consumeEventPages({ db, bus, queue: 'bench.all', types: [type], handle, logger });
  },
  handled: async () => handled,
} satisfies ConsumerTasks);
