import type pg from 'pg';
import { createMutex } from '#platform/concurrency/mutex.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { isMirrored } from '#platform/telemetry/trace-context.ts';
import { within } from '#platform/time/within.ts';
import { BoundedPool } from './bounded-pool.ts';
import { copyOut } from './copy-out.ts';
import { createSql } from './create-sql.ts';
import { createDatabaseMetrics, type DatabaseMetrics } from './database-metrics.ts';
import { toCallerError } from './failures.ts';
import { createListener } from './listener.ts';
import type { Database, Sql } from './sql.ts';
import { runTransaction, type TransactionClient, type TransactionSource } from './transaction.ts';
import { exactTypes } from './type-parsers.ts';

export type { Database, Sql } from './sql.ts';

/** How to reach a database and how much of it to use. */
export type DatabaseOptions = {
  url: string;
  /** Seen in pg_stat_activity: the service, and what the pool is for. */
  applicationName: string;
  /** Most connections of the pool, default 8; opened when needed, closed after 10 s without use. */
  poolMax?: number;
  /** Longest run of a statement, default 5 s. An answer is waited for a second longer; then the connection is closed, the outcome unknown. */
  statementTimeoutMs?: number;
  /** Longest wait for a connection, whether it is made or comes free, default 3 s. */
  connectTimeoutMs?: number;
  /**
   * Whether a commit waits for the disk; the server's default unless given. Off: a crash of the server may undo the last
   * moments, never half a transaction.
   */
  synchronousCommit?: 'on' | 'off';
  logger: Logger;
  metrics?: Metrics;
};

/**
 * Settings of every connection. Every statement reads few rows by an index. A plan is made while tables are new and empty, when a scan
 * looks cheap, and is then used for hours: without scans it is right at any size. Where a scan is all there is, its estimate must not
 * start the compiler.
 */
export const planSettings = ['enable_seqscan=off', 'jit=off'];

/**
 * Opens a pool, which connects at the first statement. An unreachable database is an OutcryError UNAVAILABLE with its `cause`;
 * every other failure is PostgreSQL's error with the SQLSTATE in `code`.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const { logger, applicationName, statementTimeoutMs = 5_000 } = options;
  const connection = connectionConfig(options);
  const config: pg.PoolConfig = {
    ...connection,
    max: options.poolMax ?? 8,
    idleTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: 30_000,
  };
  const bounded = new BoundedPool({ config, statementTimeoutMs, logger });
  const metrics = createDatabaseMetrics(options.metrics, bounded.pool, applicationName);
  bounded.onGivenUp = (error) => {
    metrics.unanswered();
    logger.warn({ error, pool: applicationName }, 'the outcome of a statement is unknown');
  };
  const listener = createListener({
    config: { ...connection, application_name: `${applicationName} listen` },
    answerTimeoutMs: bounded.answerTimeoutMs,
    logger,
  });
  const direct = createSql(
    (query) => bounded.queryAny(query),
    metrics,
    () => true,
  );
  const source: TransactionSource = {
    pool: bounded,
    sqlOf: (client) => createClientSql(bounded, metrics, client),
    onRetry: metrics.retried,
    repeatMsMax: bounded.answerTimeoutMs + connectTimeoutOf(options),
  };
  const readBinary = async (select: string) => {
    const startTimeMs = performance.now();
    try {
      return await copyOut(bounded, select);
    } finally {
      metrics.observe((performance.now() - startTimeMs) / 1_000);
    }
  };

  return {
    query: <R>(text: string, values?: unknown[]) =>
      isMirrored()
        ? runTransaction(source, (tx) => tx.query<R>(text, values))
        : direct.query<R>(text, values).catch(throwToCaller),
    transaction: (work, transactionOptions) => runTransaction(source, work, transactionOptions),
    readBinary: (select) => readBinary(select).catch(throwToCaller),
    listen: (channel, onNotify) => listener.listen(channel, onNotify),
    healthy: () => isHealthy(direct),
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      await bounded[Symbol.asyncDispose]();
    },
  };
}

function connectTimeoutOf({ connectTimeoutMs = 3_000 }: DatabaseOptions): number {
  return connectTimeoutMs;
}

function connectionConfig(options: DatabaseOptions): pg.ClientConfig {
  const { url, applicationName, synchronousCommit } = options;
  const settings = [...planSettings, ...(synchronousCommit ? [`synchronous_commit=${synchronousCommit}`] : [])];
  return {
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeoutOf(options),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: exactTypes,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
  };
}

function throwToCaller(error: unknown): never {
  throw toCallerError(error);
}

function createClientSql(
  bounded: BoundedPool,
  metrics: DatabaseMetrics,
  { client, isOpen, answerTimeoutMs }: TransactionClient,
): Sql {
  const queue = createMutex();
  return createSql((config) => queue(() => bounded.query(client, config, answerTimeoutMs)), metrics, isOpen);
}

function isHealthy(sql: Sql): Promise<boolean> {
  return within(1_000, sql.query('SELECT 1')).then(
    () => true,
    () => false,
  );
}
