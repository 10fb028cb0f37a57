import type { Sql } from '#platform/postgres/sql.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';

/** Events of the outbox that the bus has not accepted yet. */
export type OutboxBacklog = { events: number; oldestAgeMs: number };

/** What is known of the backlog. */
export type BacklogReport = {
  current(): OutboxBacklog;
  set(backlog: OutboxBacklog): void;
};

const countMax = 1_000_000;

/** A backlog of which nothing is known yet, with its gauges. */
export function createBacklogReport(metrics: Metrics | undefined): BacklogReport {
  const events = metrics?.gauge({ name: 'outcry_outbox_backlog_events', help: 'Events not yet on the bus.' });
  const age = metrics?.gauge({ name: 'outcry_outbox_oldest_age_seconds', help: 'Age of the oldest of them.' });
  let backlog: OutboxBacklog = { events: 0, oldestAgeMs: 0 };
  return {
    current: () => backlog,
    set(current) {
      backlog = current;
      events?.set(current.events);
      age?.set(current.oldestAgeMs / 1_000);
    },
  };
}

/** Counts the rows of the outbox, up to a million. */
export async function readBacklog(db: Sql): Promise<OutboxBacklog> {
  const { rows } = await db.query<{ events: bigint; oldest_age_ms: number | null }>(
    `SELECT count(*) AS events, (extract(epoch FROM clock_timestamp() - min(create_time)) * 1000)::float8 AS oldest_age_ms
     FROM (SELECT create_time FROM platform.outbox ORDER BY sequence LIMIT $1) AS waiting`,
    [countMax],
  );
  return { events: Number(rows[0]?.events ?? 0), oldestAgeMs: Math.max(0, rows[0]?.oldest_age_ms ?? 0) };
}
