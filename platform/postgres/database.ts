import { createHash } from 'node:crypto';
import pg from 'pg';
import { createMutex } from '#platform/concurrency/mutex.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { within } from '#platform/time/within.ts';
import { copyOut } from './copy-out.ts';
import { createDatabaseMetrics, type DatabaseMetrics } from './database-metrics.ts';
import { isConnectionFailure, isStalePlan, stalePlansMax, toCallerError } from './failures.ts';
import { createListener } from './listener.ts';
import type { Database, QueryResult, Sql } from './sql.ts';
import { runTransaction } from './transaction.ts';
import { exactTypes } from './type-parsers.ts';

export type { Database, Sql } from './sql.ts';

/** How to reach a database and how much of it to use. */
export type DatabaseOptions = {
  url: string;
  /** Seen in pg_stat_activity: the service, and what the pool is for. */
  applicationName: string;
  /** Most connections of the pool, default 8; opened when needed, closed after 10 s without use. */
  poolMax?: number;
  /** Longest run of a statement, default 10 s. */
  statementTimeoutMs?: number;
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
  const { logger, applicationName, poolMax = 8, statementTimeoutMs = 10_000, synchronousCommit } = options;
  const connection: pg.ClientConfig = {
    connectionString: options.url,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: exactTypes,
    options: [...planSettings, ...(synchronousCommit ? [`synchronous_commit=${synchronousCommit}`] : [])]
      .map((setting) => `-c ${setting}`)
      .join(' '),
  };
  const pool = new pg.Pool({
    ...connection,
    max: poolMax,
    idleTimeoutMillis: 10_000,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 30_000,
  });
  // A broken connection emits `error` on the pool when idle and on the client when in use; without a listener, either ends the process.
  pool.on('error', (error) => logger.warn({ error }, 'an idle database connection broke'));
  pool.on('connect', (client) => client.on('error', (error) => logger.debug({ error }, 'a database connection broke')));
  const metrics = createDatabaseMetrics(options.metrics, pool, applicationName);
  const listener = createListener({
    config: { ...connection, application_name: `${applicationName} listen` },
    logger,
  });
  const direct = createSql(
    (config) => queryOnce(pool, config),
    metrics,
    () => true,
  );

  return {
    query: async (text, values) => {
      try {
        return await direct.query(text, values);
      } catch (error) {
        throw toCallerError(error);
      }
    },
    transaction: (work, transactionOptions) =>
      runTransaction(
        {
          connect: () => pool.connect(),
          sqlOf: (client, isOpen) => createClientSql(client, metrics, isOpen),
          onRetry: metrics.retried,
        },
        work,
        transactionOptions,
      ),
    readBinary: async (select) => {
      const startTimeMs = performance.now();
      try {
        return await copyOut(pool, select);
      } catch (error) {
        throw toCallerError(error);
      } finally {
        metrics.observe((performance.now() - startTimeMs) / 1_000);
      }
    },
    listen: (channel, onNotify) => listener.listen(channel, onNotify),
    healthy: () => isHealthy(pool),
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      if (!pool.ending) await pool.end();
    },
  };
}

function createClientSql(client: pg.PoolClient, metrics: DatabaseMetrics, isOpen: () => boolean): Sql {
  const queue = createMutex();
  return createSql((config) => queue(() => client.query(config)), metrics, isOpen);
}

/** Runs a statement on any connection; one whose plan is stale, as a migration has changed a table, is closed and another is taken. */
async function queryOnce(pool: pg.Pool, config: pg.QueryConfig): Promise<pg.QueryResult> {
  for (let attempt = 0; ; attempt += 1) {
    const client = await pool.connect();
    try {
      const result = await client.query(config);
      client.release();
      return result;
    } catch (error) {
      client.release(isConnectionFailure(error) ? (error as Error) : undefined);
      if (!isStalePlan(error) || attempt >= stalePlansMax) throw error;
    }
  }
}

type RunQuery = (config: pg.QueryConfig) => Promise<pg.QueryResult>;

function createSql(run: RunQuery, metrics: DatabaseMetrics, isOpen: () => boolean): Sql {
  return {
    async query<R>(text: string, values?: unknown[]): Promise<QueryResult<R>> {
      if (!isOpen()) throw new Error('this transaction has ended; a statement of it was not awaited');
      const startTimeMs = performance.now();
      try {
        const config: pg.QueryConfig = { text, values };
        if (values !== undefined) config.name = statementName(text);
        const result = await run(config);
        // A text of several statements gives one result for each; the last one counts.
        const last = Array.isArray(result) ? (result.at(-1) as pg.QueryResult) : result;
        return { rows: last.rows as R[], rowCount: last.rowCount ?? 0 };
      } finally {
        metrics.observe((performance.now() - startTimeMs) / 1_000);
      }
    },
  };
}

const statementNames = new Map<string, string>();

function statementName(text: string): string {
  let name = statementNames.get(text);
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    statementNames.set(text, name);
  }
  return name;
}

function isHealthy(pool: pg.Pool): Promise<boolean> {
  return within(1_000, pool.query('SELECT 1')).then(
    () => true,
    () => false,
  );
}
