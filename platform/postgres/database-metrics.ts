import type pg from 'pg';
import type { Metrics } from '#platform/telemetry/metrics.ts';

/** Records the statements and retries of a pool. */
export type DatabaseMetrics = {
  observe(durationSeconds: number): void;
  retried(): void;
  /** A connection was closed because the server did not answer. */
  unanswered(): void;
};

const poolLabel = 'db_client_connection_pool_name';

// Connections are counted at each scrape: counting them at each statement would cost more than the statement's own bookkeeping.
const counted = new WeakMap<Metrics, Map<string, pg.Pool>>();

/**
 * The metrics of a pool, labelled with its application name; without `metrics` nothing is recorded. Of several pools with one name
 * only the connections of the last one are counted.
 */
export function createDatabaseMetrics(metrics: Metrics | undefined, pool: pg.Pool, name: string): DatabaseMetrics {
  if (!metrics) return { observe: () => {}, retried: () => {}, unanswered: () => {} };
  const duration = metrics
    .histogram({ name: 'db_client_operation_duration_seconds', help: 'Time of a statement.', labels: [poolLabel] })
    .labels(name);
  const retries = metrics
    .counter({ name: 'db_client_transaction_retries_total', help: 'Transactions run again.', labels: [poolLabel] })
    .labels(name);
  const unanswered = metrics
    .counter({
      name: 'db_client_unanswered_total',
      help: 'Connections closed because the server did not answer.',
      labels: [poolLabel],
    })
    .labels(name);
  // An alert on growth does not see the growth with which a series begins.
  unanswered.inc(0);
  countConnections(metrics).set(name, pool);
  return {
    observe: (durationSeconds) => duration.observe(durationSeconds),
    retried: () => retries.inc(),
    unanswered: () => unanswered.inc(),
  };
}

/** The pools whose connections are counted. */
function countConnections(metrics: Metrics): Map<string, pg.Pool> {
  const known = counted.get(metrics);
  if (known) return known;
  const pools = new Map<string, pg.Pool>();
  counted.set(metrics, pools);
  metrics.gauge({
    name: 'db_client_connection_count',
    help: 'Connections of the pool by state.',
    labels: [poolLabel, 'db_client_connection_state'],
    collect: (gauge) => {
      for (const [name, { totalCount, idleCount }] of pools) {
        gauge.labels(name, 'used').set(totalCount - idleCount);
        gauge.labels(name, 'idle').set(idleCount);
      }
    },
  });
  metrics.gauge({
    name: 'db_client_connection_pending_requests',
    help: 'Callers without a connection.',
    labels: [poolLabel],
    collect: (gauge) => {
      for (const [name, { waitingCount }] of pools) gauge.labels(name).set(waitingCount);
    },
  });
  return pools;
}
