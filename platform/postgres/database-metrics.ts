import type pg from 'pg';
import type { Metrics } from '#platform/telemetry/metrics.ts';

/** What a pool reports while it works. */
export type DatabaseMetrics = {
  observe(durationSeconds: number): void;
  retried(): void;
  connections(state: { used: number; idle: number; waiting: number }): void;
};

/** The metrics of one pool, told apart by its application name; nothing is kept without `metrics`. */
export function createDatabaseMetrics(metrics: Metrics | undefined, pool: string): DatabaseMetrics {
  if (!metrics) return { observe: () => {}, retried: () => {}, connections: () => {} };
  const duration = metrics
    .histogram({ name: 'db_client_operation_duration_seconds', help: 'Time of a statement.', labels: ['pool'] })
    .labels(pool);
  const retries = metrics
    .counter({ name: 'db_client_transaction_retries_total', help: 'Transactions run again.', labels: ['pool'] })
    .labels(pool);
  const count = metrics.gauge({
    name: 'db_client_connection_count',
    help: 'Connections of the pool by state.',
    labels: ['pool', 'state'],
  });
  const waiting = metrics
    .gauge({ name: 'db_client_connection_pending_requests', help: 'Callers without a connection.', labels: ['pool'] })
    .labels(pool);
  const used = count.labels(pool, 'used');
  const idle = count.labels(pool, 'idle');
  return {
    observe: (durationSeconds) => duration.observe(durationSeconds),
    retried: () => retries.inc(),
    connections: (state) => {
      used.set(state.used);
      idle.set(state.idle);
      waiting.set(state.waiting);
    },
  };
}

/** Keeps the connection gauges of a pool current. */
export function countConnections(pool: pg.Pool, metrics: DatabaseMetrics): void {
  const update = () => {
    const { totalCount, idleCount, waitingCount } = pool;
    metrics.connections({ used: totalCount - idleCount, idle: idleCount, waiting: waitingCount });
  };
  for (const event of ['acquire', 'release', 'remove'] as const) pool.on(event, update);
}
