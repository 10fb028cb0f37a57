import type { Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { DeadLetter, DeadLetters } from '../bus.ts';
import { badPageToken, changedLettersMax, pageSizeOf, requireIds } from '../dead-letter-request.ts';
import { changeDeadLetters } from './change-dead-letters.ts';
import { type EventRow, toEvent } from './read-page.ts';

type Row = EventRow & {
  queue: string;
  sequence: bigint;
  attempts: number;
  last_error: string;
  first_failure_time: Date | null;
  dead_time: Date;
};

const columns = `queue, event_id AS id, type, key, payload, traceparent, event_time_ms::float8, sequence, attempts, last_error,
  first_failure_time, dead_time`;

/** The dead letters stored in the bus database. A page token is the sequence of the last letter listed. */
export function createDeadLetters(db: () => Promise<Sql>, logger: Logger): DeadLetters {
  return {
    async list(queue, pageSize, pageToken) {
      if (!/^\d{0,18}$/.test(pageToken)) throw badPageToken();
      const limit = pageSizeOf(pageSize);
      const rows = await readLetters(await db(), { queue, after: pageToken || '0', limit: limit + 1 });
      const page = rows.slice(0, limit);
      return {
        deadLetters: page.map(toDeadLetter),
        nextPageToken: rows.length > limit ? String(page.at(-1)?.sequence) : '',
      };
    },
    async find(queue, id) {
      const { rows } = await (await db()).query<Row>(
        `SELECT ${columns} FROM bus.retry
         WHERE queue = ANY (CASE WHEN $1 = '' THEN ARRAY(SELECT name FROM bus.queue) ELSE ARRAY[$1] END)
           AND event_id = $2 AND dead_time IS NOT NULL
         ORDER BY sequence`,
        [queue, id],
      );
      return rows.map(toDeadLetter);
    },
    async redrive(queue, ids) {
      requireIds(ids);
      return changeDeadLetters(await db(), { queue, ids }, { action: 'redrive' });
    },
    async drop(queue, ids, reason) {
      requireIds(ids);
      const count = await changeDeadLetters(await db(), { queue, ids }, { action: 'drop', reason });
      logger.warn({ queue, ids, count, reason }, 'dead letters were dropped');
      return count;
    },
  };
}

async function readLetters(
  db: Sql,
  { queue, after, limit }: { queue: string; after: string; limit: number },
): Promise<Row[]> {
  const ofQueue = queue === '' ? '' : 'queue = $3 AND';
  const { rows } = await db.query<Row>(
    `SELECT ${columns} FROM bus.retry
     WHERE ${ofQueue} dead_time IS NOT NULL AND sequence > $1
     ORDER BY sequence
     LIMIT $2`,
    [after, Math.min(limit, changedLettersMax), ...(queue === '' ? [] : [queue])],
  );
  return rows;
}

function toDeadLetter(row: Row): DeadLetter {
  return {
    queue: row.queue,
    event: toEvent(row),
    attempts: row.attempts,
    lastError: row.last_error,
    firstFailureTimeMs: row.first_failure_time?.getTime() ?? 0,
    deadTimeMs: row.dead_time.getTime(),
  };
}
