import type { Sql } from '#platform/postgres/sql.ts';
import type { BusEvent } from '../bus.ts';

/** The channel on which a queue's consumers are woken. */
export function queueChannel(queue: string): string {
  return `bus:${queue}`;
}

/** The lock between publishing and creating queues: shared by publishers, exclusive for a new queue. */
export const bindingsLock = `hashtextextended('outcry.bus.bindings', 0)`;

/** Makes this transaction's commit wait for the disk, whatever the connection's default. */
export const durably = `set_config('synchronous_commit', 'on', true)`;

/** Stores the events and a delivery for each queue subscribed to their type; ids that are stored already are skipped. */
export async function publishEvents(tx: Sql, events: BusEvent[]): Promise<void> {
  // A statement of its own, so that the snapshot of the next one has every queue created before the lock was granted.
  await tx.query(`SELECT ${durably}, pg_advisory_xact_lock_shared(${bindingsLock})`);
  await tx.query(
    `WITH input AS (
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::float8[])
         WITH ORDINALITY AS input (id, type, key, payload, traceparent, time_ms, position)
     ), published AS (
       INSERT INTO bus.event (id, type, key, payload, traceparent, event_time)
       SELECT id, type, key, payload, traceparent, to_timestamp(time_ms / 1000) FROM input ORDER BY position
       ON CONFLICT (id) DO NOTHING
       RETURNING id
     ), delivered AS (
       INSERT INTO bus.delivery (event_id, queue, type)
       SELECT input.id, queue.name, input.type
       FROM published
       JOIN input USING (id)
       JOIN bus.queue ON input.type = ANY (queue.types)
       ORDER BY input.position
       ON CONFLICT DO NOTHING
       RETURNING queue
     )
     SELECT pg_notify('bus:' || queue, '') FROM (SELECT DISTINCT queue FROM delivered) AS woken`,
    [
      events.map(({ id }) => id),
      events.map(({ type }) => type),
      events.map(({ key }) => key),
      events.map(({ payload }) => payload),
      events.map(({ traceparent }) => traceparent),
      events.map(({ timeMs }) => timeMs),
    ],
  );
}
