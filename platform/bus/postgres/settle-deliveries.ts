import type { Sql } from '#platform/postgres/sql.ts';

/**
 * The outcome of one attempt: `done`, `retry` after a delay, `dead` (a dead letter), or `release`: due again, without the attempt
 * being counted.
 */
export type Settlement = {
  queue: string;
  eventId: string;
  attempt: number;
  outcome: 'done' | 'retry' | 'dead' | 'release';
  delayMs: number;
  error: string;
};

/** Records the outcomes of a group of attempts. An event that another consumer has claimed since is only changed by `done`. */
export async function settleDeliveries(db: Sql, settlements: Settlement[]): Promise<void> {
  await db.query(
    `WITH input AS (
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::float8[], $6::text[])
         AS input (event_id, queue, attempt, outcome, delay_ms, error)
     ), done AS (
       DELETE FROM bus.delivery USING input
       WHERE delivery.event_id = input.event_id AND delivery.queue = input.queue AND input.outcome = 'done'
     )
     UPDATE bus.delivery
     SET attempts = delivery.attempts - CASE WHEN input.outcome = 'release' THEN 1 ELSE 0 END,
       due_time = clock_timestamp() + input.delay_ms * interval '1 ms',
       dead_time = CASE WHEN input.outcome = 'dead' THEN clock_timestamp() END,
       last_error = input.error
     FROM input
     WHERE delivery.event_id = input.event_id AND delivery.queue = input.queue
       AND delivery.attempts = input.attempt AND input.outcome <> 'done'`,
    [
      settlements.map(({ eventId }) => eventId),
      settlements.map(({ queue }) => queue),
      settlements.map(({ attempt }) => attempt),
      settlements.map(({ outcome }) => outcome),
      settlements.map(({ delayMs }) => delayMs),
      settlements.map(({ error }) => error),
    ],
  );
}
