import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { DeadLetters } from '../bus.ts';
import { durably, queueChannel } from './publish-events.ts';
import { type EventRow, toEvent } from './read-page.ts';

const pageSizeMax = 100;
const redriveMax = 1_000;

type Row = EventRow & {
  sequence: bigint;
  attempts: number;
  last_error: string;
  dead_time: Date;
};

/** The dead letters stored in the bus database. A page token is the sequence of the last letter listed. */
export function createDeadLetters(db: () => Promise<Sql>): DeadLetters {
  return {
    async list(queue, pageSize, pageToken) {
      if (!/^\d{0,18}$/.test(pageToken)) {
        throw invalidArgument('page_token', 'was not made by this list', ErrorReason.PAGE_TOKEN_INVALID);
      }
      const limit = Math.min(pageSizeMax, Math.max(1, pageSize));
      const { rows } = await (await db()).query<Row>(
        `SELECT event_id AS id, type, key, payload, traceparent, event_time_ms::float8, sequence, attempts, last_error, dead_time
         FROM bus.retry
         WHERE queue = $1 AND dead_time IS NOT NULL AND sequence > $2
         ORDER BY sequence
         LIMIT $3`,
        [queue, pageToken || '0', limit + 1],
      );
      const page = rows.slice(0, limit);
      return {
        deadLetters: page.map((row) => ({
          event: toEvent(row),
          attempts: row.attempts,
          lastError: row.last_error,
          deadTimeMs: row.dead_time.getTime(),
        })),
        nextPageToken: rows.length > limit ? String(page.at(-1)?.sequence) : '',
      };
    },
    async redrive(queue, ids) {
      if (ids.length > redriveMax) throw invalidArgument('ids', `must be at most ${redriveMax}`);
      const { rowCount } = await (await db()).query(
        `WITH redriven AS (
           UPDATE bus.retry SET dead_time = NULL, attempts = 0, due_time = clock_timestamp()
           WHERE queue = $1 AND event_id = ANY ($2::uuid[]) AND dead_time IS NOT NULL
           RETURNING 1
         )
         SELECT pg_notify($3, ''), ${durably} FROM redriven`,
        [queue, ids, queueChannel(queue)],
      );
      return rowCount;
    },
  };
}
