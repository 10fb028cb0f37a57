import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { startInterval } from '#platform/time/timer.ts';

const intervalMs = 10 * 60_000;
const rowsMax = 5_000;
const roundsMax = 400;

/** Retention by table: inbox entries a day, answers under idempotency keys seven days. */
const purges = [
  { table: 'platform.inbox', column: 'receive_time', retention: '1 day' },
  { table: 'platform.idempotency_key', column: 'create_time', retention: '7 days' },
];

/** Removes old rows of the platform's tables every ten minutes (the first time after that), in small transactions. */
export function startRetention(options: {
  db: Database;
  logger: Logger;
  /** Whether this process may delete rows now; default always. */
  mayWork?: () => boolean;
}): AsyncDisposable {
  const { db, logger, mayWork = () => true } = options;
  const closing = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const timer = startInterval(intervalMs * (0.9 + Math.random() / 5), () => {
    if (!mayWork()) return;
    running = purgePlatformTables(db, closing.signal).catch((error) => {
      logger.warn({ error }, 'old rows could not be removed');
    });
  }).unref();
  return {
    async [Symbol.asyncDispose]() {
      timer[Symbol.dispose]();
      closing.abort();
      await running;
    },
  };
}

/** One pass over all tables. */
export async function purgePlatformTables(db: Database, signal?: AbortSignal): Promise<void> {
  for (const { table, column, retention } of purges) {
    for (let round = 0; round < roundsMax && !signal?.aborted; round += 1) {
      const { rowCount } = await db.query(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM ${table} WHERE ${column} < now() - $1::interval LIMIT $2 FOR UPDATE SKIP LOCKED))`,
        [retention, rowsMax],
      );
      if (rowCount < rowsMax) break;
    }
  }
}
