import type { Sql } from '#platform/postgres/sql.ts';
import type { BusEvent } from '../bus.ts';

/** How long a claim excludes other consumers; the event of a consumer that died is due again afterwards. */
export const claimTimeoutMs = 30_000;

/** An event to be handled now, and which attempt this is (the first is 1). */
export type Delivery = { event: BusEvent; attempt: number; publishTimeMs: number };

type Row = {
  id: string;
  type: string;
  key: string;
  payload: Buffer;
  traceparent: string;
  event_time: Date;
  publish_time: Date;
  attempts: number;
};

/** Takes at most `limit` due events of the queue for this process, oldest first. */
export async function claimDeliveries(db: Sql, queue: string, types: string[], limit: number): Promise<Delivery[]> {
  const { rows } = await db.query<Row>(
    `WITH due AS (
       SELECT event_id FROM bus.delivery
       WHERE queue = $1 AND dead_time IS NULL AND due_time <= now() AND type = ANY ($2)
       ORDER BY due_time, sequence
       LIMIT $3
       FOR UPDATE SKIP LOCKED
     ), claimed AS (
       UPDATE bus.delivery AS delivery
       SET attempts = delivery.attempts + 1, due_time = clock_timestamp() + $4 * interval '1 ms'
       FROM due
       WHERE delivery.queue = $1 AND delivery.event_id = due.event_id
       RETURNING delivery.event_id, delivery.sequence, delivery.attempts
     )
     SELECT event.id, event.type, event.key, event.payload, event.traceparent, event.event_time, event.publish_time,
       claimed.attempts
     FROM claimed JOIN bus.event ON event.id = claimed.event_id
     ORDER BY claimed.sequence`,
    [queue, types, limit, claimTimeoutMs],
  );
  return rows.map((row) => ({
    event: toBusEvent(row),
    attempt: row.attempts,
    publishTimeMs: row.publish_time.getTime(),
  }));
}

/** The event in a row of bus.event. */
export function toBusEvent(row: Omit<Row, 'attempts' | 'publish_time'>): BusEvent {
  const { id, type, key, payload, traceparent, event_time } = row;
  return { id, type, key, payload, traceparent, timeMs: event_time.getTime() };
}

/** Milliseconds until the queue's next event is due, at most `maxMs`. */
export async function readNextDueMs(db: Sql, queue: string, types: string[], maxMs: number): Promise<number> {
  const { rows } = await db.query<{ wait_ms: number }>(
    `SELECT (extract(epoch FROM due_time - clock_timestamp()) * 1000)::float8 AS wait_ms
     FROM bus.delivery
     WHERE queue = $1 AND dead_time IS NULL AND type = ANY ($2)
     ORDER BY due_time, sequence
     LIMIT 1`,
    [queue, types],
  );
  return Math.min(maxMs, Math.max(0, rows[0]?.wait_ms ?? maxMs));
}
