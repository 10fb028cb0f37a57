import type { Sql } from '#platform/postgres/sql.ts';
import type { Delivery, Settlement } from '../attempt.ts';
import type { QueueLease } from './queue-lease.ts';
import { type EventRow, toEvent } from './read-page.ts';

/** How long an attempt of a retry excludes others; the event of a consumer that died is due again afterwards. */
export const claimTimeoutMs = 30_000;

/** How an event that the queue passes goes on as a retry. */
export type SetAside = {
  sequence: bigint;
  attempts: number;
  /** Undefined: not before a release takes its type. */
  delayMs: number | undefined;
  isDead: boolean;
  error: string;
};

/** An event that was not tried yet, due at once or, if `isForeign`, as soon as a release takes its type. */
export function untried(sequence: bigint, { isForeign }: { isForeign: boolean }): SetAside {
  return { sequence, attempts: 0, delayMs: isForeign ? undefined : 0, isDead: false, error: '' };
}

/** An event whose first attempt failed. */
export function failed(sequence: bigint, { outcome, delayMs, error }: Settlement): SetAside {
  return { sequence, attempts: outcome === 'release' ? 0 : 1, delayMs, isDead: outcome === 'dead', error };
}

/** Writes events of the log as retries or dead letters, and moves the position past them in the same statement. */
export async function setAside(db: Sql, lease: QueueLease, position: bigint, events: SetAside[]): Promise<void> {
  await db.query(
    `WITH held AS (
       UPDATE bus.queue SET position = greatest(position, $3), unfinished = 0
       WHERE name = $1 AND token = $2
       RETURNING 1
     )
     INSERT INTO bus.retry
       (queue, event_id, type, key, payload, traceparent, event_time_ms, publish_time, attempts, due_time, dead_time, last_error,
        first_failure_time)
     SELECT $1, log.id, log.type, log.key, log.payload, log.traceparent, log.event_time_ms, log.publish_time, input.attempts,
       coalesce(clock_timestamp() + input.delay_ms * interval '1 ms', 'infinity'),
       CASE WHEN input.is_dead THEN clock_timestamp() END, input.error, CASE WHEN input.attempts > 0 THEN clock_timestamp() END
     FROM held CROSS JOIN unnest($4::bigint[], $5::int[], $6::float8[], $7::bool[], $8::text[])
         AS input (sequence, attempts, delay_ms, is_dead, error)
       JOIN bus.log ON log.sequence = input.sequence
     ORDER BY log.sequence
     ON CONFLICT DO NOTHING`,
    [
      lease.queue,
      lease.token,
      position,
      events.map(({ sequence }) => sequence),
      events.map(({ attempts }) => attempts),
      events.map(({ delayMs }) => delayMs),
      events.map(({ isDead }) => isDead),
      events.map(({ error }) => error),
    ],
  );
}

type Row = EventRow & { attempts: number; publish_time: Date };

/**
 * Takes at most `limit` due retries of the queue, oldest first, and counts the attempt that follows: those that were `never` tried, or
 * those that were.
 */
export async function claimRetries(
  db: Sql,
  options: { queue: string; types: string[]; tried: 'never' | 'before'; limit: number },
): Promise<Delivery[]> {
  const { queue, types, tried, limit } = options;
  const { rows } = await db.query<Row>(
    `WITH due AS (
       SELECT event_id FROM bus.retry
       WHERE queue = $1 AND dead_time IS NULL AND due_time <= now() AND type = ANY ($2) AND (attempts = 0) = $3
       ORDER BY due_time, sequence
       LIMIT $4
       FOR UPDATE SKIP LOCKED
     ), claimed AS (
       UPDATE bus.retry
       SET attempts = retry.attempts + 1, due_time = clock_timestamp() + $5 * interval '1 ms'
       FROM due
       WHERE retry.queue = $1 AND retry.event_id = due.event_id
       RETURNING retry.*
     )
     SELECT event_id AS id, type, key, payload, traceparent, event_time_ms::float8, publish_time, attempts
     FROM claimed
     ORDER BY sequence`,
    [queue, types, tried === 'never', limit, claimTimeoutMs],
  );
  return rows.map((row) => ({
    event: toEvent(row),
    attempt: row.attempts,
    publishTimeMs: row.publish_time.getTime(),
  }));
}

/** Records the outcomes of attempts. A retry that was claimed again since is only changed by `done`. */
export async function settleRetries(db: Sql, queue: string, settlements: Settlement[]): Promise<void> {
  await db.query(
    `WITH input AS (
       SELECT * FROM unnest($2::uuid[], $3::int[], $4::text[], $5::float8[], $6::text[])
         AS input (event_id, attempt, outcome, delay_ms, error)
     ), done AS (
       DELETE FROM bus.retry USING input
       WHERE retry.queue = $1 AND retry.event_id = input.event_id AND input.outcome = 'done'
     )
     UPDATE bus.retry
     SET attempts = retry.attempts - CASE WHEN input.outcome = 'release' THEN 1 ELSE 0 END,
       due_time = clock_timestamp() + input.delay_ms * interval '1 ms',
       dead_time = CASE WHEN input.outcome = 'dead' THEN clock_timestamp() END,
       last_error = input.error,
       first_failure_time = CASE WHEN input.outcome = 'release' THEN retry.first_failure_time
         ELSE coalesce(retry.first_failure_time, clock_timestamp()) END
     FROM input
     WHERE retry.queue = $1 AND retry.event_id = input.event_id
       AND retry.attempts = input.attempt AND input.outcome <> 'done'`,
    [
      queue,
      settlements.map(({ delivery }) => delivery.event.id),
      settlements.map(({ delivery }) => delivery.attempt),
      settlements.map(({ outcome }) => outcome),
      settlements.map(({ delayMs }) => delayMs),
      settlements.map(({ error }) => error),
    ],
  );
}
