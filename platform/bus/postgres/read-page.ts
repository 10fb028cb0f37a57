import type { Sql } from '#platform/postgres/sql.ts';
import type { BusEvent } from '../bus.ts';
import { leaseTtlMs, type QueueLease } from './queue-lease.ts';

/** Sequences that one statement looks at, so that a queue of rare types gets past the others in bounded steps. */
const windowLength = 20_000;

/** An event at its place in the log. */
export type LogEvent = { sequence: bigint; event: BusEvent };

/** What follows a position. */
export type LogPage = {
  /** Those of the queue's types, in order. */
  events: LogEvent[];
  /** The position once they are handled: every event up to it was looked at. */
  end: bigint;
  /** Whether there is more behind it. */
  hasMore: boolean;
  /** The end of the log, and so at least `end`. */
  head: bigint;
  /** Ms until a retry of the queue is due, 0 or less when one is; undefined without one. */
  retryMs: number | undefined;
};

/** An event or, in the last row, what is beside them. */
type Row = EventRow & { sequence: bigint; last: bigint | null; head: bigint | null; retry_ms: number | null };

/** A row of bus.log or bus.retry. */
export type EventRow = {
  id: string;
  type: string;
  key: string;
  payload: Buffer;
  traceparent: string;
  event_time_ms: number;
};

/**
 * Moves the position of the queue to `position`, prolongs its lease and reads at most `limit` events that follow, in one statement. `types`
 * are those whose retries count. Resolves to undefined when the lease is lost; nothing was moved then.
 */
export async function readPage(
  db: Sql,
  lease: QueueLease,
  { position, types, limit }: { position: bigint; types: string[]; limit: number },
): Promise<LogPage | undefined> {
  // Below any sequence that can be seen, none can appear any more (see publishEvents), so the last of the window ends the page.
  const { rows } = await db.query<Row>(
    `WITH held AS (
       UPDATE bus.queue
       SET position = greatest(position, $3), expire_time = clock_timestamp() + $4 * interval '1 ms',
         unfinished = CASE WHEN $3 > position THEN 0 ELSE unfinished END
       WHERE name = $1 AND token = $2
       RETURNING 1
     ), state AS MATERIALIZED (
       SELECT head,
         (SELECT max(sequence) FROM bus.log WHERE sequence >= first AND sequence < first + ${windowLength}) AS last,
         (SELECT (extract(epoch FROM min(due_time) - clock_timestamp()) * 1000)::float8 FROM bus.retry
          WHERE queue = $1 AND dead_time IS NULL AND due_time < 'infinity' AND type = ANY ($5)) AS retry_ms
       FROM (SELECT (SELECT min(sequence) FROM bus.log WHERE sequence > $3) AS first,
         (SELECT max(sequence) FROM bus.log) AS head) AS ends
     )
     SELECT page.*, NULL::bigint AS head, NULL::bigint AS last, NULL::float8 AS retry_ms
     FROM held CROSS JOIN state CROSS JOIN LATERAL (
       SELECT sequence, id, type, key, payload, traceparent, event_time_ms::float8
       FROM bus.log
       WHERE sequence > $3 AND sequence <= state.last AND type = ANY ($6)
       ORDER BY sequence
       LIMIT $7
     ) AS page
     UNION ALL
     SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, state.* FROM held CROSS JOIN state
     ORDER BY sequence NULLS LAST`,
    [lease.queue, lease.token, position, leaseTtlMs, types, lease.types, limit],
  );
  const state = rows.pop();
  if (state === undefined) return undefined;
  const events = rows.map((row) => ({ sequence: row.sequence, event: toEvent(row) }));
  const end = (events.length === limit ? events.at(-1)?.sequence : state.last) ?? position;
  const head = state.head !== null && state.head > end ? state.head : end;
  return { events, end, hasMore: end < head, head, retryMs: state.retry_ms ?? undefined };
}

/** The event in a row. */
export function toEvent({ id, type, key, payload, traceparent, event_time_ms }: EventRow): BusEvent {
  return { id, type, key, payload, traceparent, timeMs: event_time_ms };
}
