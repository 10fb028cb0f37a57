import type { Sql } from '#platform/postgres/sql.ts';
import type { BusEvent } from '../bus.ts';
import { packPayloads } from '../pack-payloads.ts';

/** The channel on which a queue's consumers are woken: by `eventsNotice`, or by another payload when its lease may be free. */
export function queueChannel(queue: string): string {
  return `bus:${queue}`;
}

/** The payload of a notification that there are new events. */
export const eventsNotice = 'events';

/** The lock under which sequences of the log are drawn; held to the commit, so that no position passes an uncommitted event. */
export const logLock = `hashtextextended('outcry.bus.log', 0)`;

/** Makes this transaction's commit wait for the disk, whatever the connection's default. */
export const durably = `set_config('synchronous_commit', 'on', true)`;

/**
 * Appends the events to the log, durably, and notifies the queues that take one of their types. Events whose ids are in the log already
 * are left out.
 */
export async function publishEvents(db: Sql, events: BusEvent[]): Promise<void> {
  const { bytes, starts, lengths } = packPayloads(events);
  // The sequences are drawn for joined rows, so after the lock was granted. The statement cannot see what was committed while it waited
  // for the lock; ON CONFLICT can.
  await db.query(
    `WITH held AS MATERIALIZED (
       SELECT ${durably}, pg_advisory_xact_lock(${logLock})
     ), appended AS (
       INSERT INTO bus.log (sequence, id, type, key, payload, traceparent, event_time_ms)
       SELECT nextval('bus.log_sequence'), id, type, key, substring($4::bytea FROM start FOR length), traceparent, time_ms
       FROM held CROSS JOIN unnest($1::uuid[], $2::text[], $3::text[], $5::int[], $6::int[], $7::text[], $8::bigint[])
         WITH ORDINALITY AS input (id, type, key, start, length, traceparent, time_ms, position)
       ORDER BY position
       ON CONFLICT (id) DO NOTHING
       RETURNING type
     )
     SELECT pg_notify('bus:' || name, '${eventsNotice}') FROM bus.queue
     WHERE types && (SELECT array_agg(DISTINCT type) FROM appended)`,
    [
      events.map(({ id }) => id),
      events.map(({ type }) => type),
      events.map(({ key }) => key),
      bytes,
      starts,
      lengths,
      events.map(({ traceparent }) => traceparent),
      events.map(({ timeMs }) => Math.round(timeMs)),
    ],
  );
}
