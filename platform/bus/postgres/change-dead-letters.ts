import type { Sql } from '#platform/postgres/sql.ts';
import type { DeadLetterIds } from '../bus.ts';
import { changedLettersMax } from '../dead-letter-request.ts';
import { durably } from './publish-events.ts';

/** What is done with dead letters. */
export type DeadLetterChange = { action: 'redrive' } | { action: 'drop'; reason: string };

// The letters of one statement, by the queue and the ids that it is given.
const chosen = {
  named: `SELECT queue, event_id FROM bus.retry
    WHERE queue = ANY (CASE WHEN $1 = '' THEN ARRAY(SELECT name FROM bus.queue) ELSE ARRAY[$1] END)
      AND event_id = ANY ($2::uuid[]) AND dead_time IS NOT NULL`,
  all: `SELECT queue, event_id FROM bus.retry
    WHERE queue = $1 AND dead_time IS NOT NULL ORDER BY sequence LIMIT $2`,
  allQueues: `SELECT queue, event_id FROM bus.retry
    WHERE $1 = '' AND dead_time IS NOT NULL ORDER BY sequence LIMIT $2`,
};

/** Changes dead letters durably, in one statement; resolves to how many there were. */
export async function changeDeadLetters(
  db: Sql,
  { queue, ids }: { queue: string; ids: DeadLetterIds },
  change: DeadLetterChange,
): Promise<number> {
  const letters = ids !== 'all' ? chosen.named : queue === '' ? chosen.allQueues : chosen.all;
  const which = ids === 'all' ? changedLettersMax : ids;
  const { rowCount } =
    change.action === 'redrive'
      ? await db.query(redriveSql(letters), [queue, which])
      : await db.query(dropSql(letters), [queue, which, change.reason]);
  return rowCount;
}

function redriveSql(letters: string): string {
  return `WITH redriven AS (
      UPDATE bus.retry SET dead_time = NULL, attempts = 0, due_time = clock_timestamp(), first_failure_time = NULL
      FROM (${letters}) AS chosen
      WHERE retry.queue = chosen.queue AND retry.event_id = chosen.event_id AND retry.dead_time IS NOT NULL
      RETURNING retry.queue
    )
    SELECT pg_notify('bus:' || queue, ''), ${durably} FROM redriven`;
}

function dropSql(letters: string): string {
  return `WITH deleted AS (
      DELETE FROM bus.retry USING (${letters}) AS chosen
      WHERE retry.queue = chosen.queue AND retry.event_id = chosen.event_id AND retry.dead_time IS NOT NULL
      RETURNING retry.*
    ), dropped AS (
      INSERT INTO bus.dropped (queue, event_id, type, key, payload, traceparent, event_time_ms, attempts, last_error, drop_reason)
      SELECT queue, event_id, type, key, payload, traceparent, event_time_ms, attempts, last_error, $3 FROM deleted
    )
    SELECT ${durably} FROM deleted`;
}
