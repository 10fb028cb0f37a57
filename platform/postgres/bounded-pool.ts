import pg from 'pg';
import type { Logger } from '#platform/telemetry/logger.ts';
import { startTimer } from '#platform/time/timer.ts';
import { ConnectionWatch, type NoAnswerError } from './connection-watch.ts';
import { isConnectionFailure, isReadOnlyServer, isStalePlan, stalePlansMax } from './failures.ts';

/** How to open a pool. */
export type BoundedPoolOptions = {
  config: pg.PoolConfig;
  /** The server's own limit of a statement, in ms. */
  statementTimeoutMs: number;
  logger: Logger;
};

// For the commit, which the server's limit does not count, and for the way.
const answerMarginMs = 1_000;
// What has ended says goodbye to the server; one that does not answer is not waited for.
const goodbyeMs = 1_000;

/** A pool whose every wait is bounded: that for a connection by `connectionTimeoutMillis`, that for the answer to a statement here. */
export class BoundedPool implements AsyncDisposable {
  readonly pool: pg.Pool;
  /** Longest wait for an answer, in ms. */
  readonly answerTimeoutMs: number;
  /** Runs when a connection was closed because the server did not answer. */
  onGivenUp: (error: NoAnswerError) => void = () => {};
  readonly #watch: ConnectionWatch;

  constructor({ config, statementTimeoutMs, logger }: BoundedPoolOptions) {
    const pool = new pg.Pool({ ...config, statement_timeout: statementTimeoutMs });
    // A broken connection emits `error` on the pool when idle and on the client when in use; without a listener, either ends the process.
    pool.on('error', (error) => logger.warn({ error }, 'an idle database connection broke'));
    pool.on('connect', (client) =>
      client.on('error', (error) => logger.debug({ error }, 'a database connection broke')),
    );
    this.pool = pool;
    this.answerTimeoutMs = answerTimeoutOf(statementTimeoutMs);
    const onGivenUp = (error: NoAnswerError) => this.onGivenUp(error);
    this.#watch = new ConnectionWatch({ pool, answerTimeoutMs: this.answerTimeoutMs, onGivenUp });
  }

  /** A connection, which must be released. */
  connect(): Promise<pg.PoolClient> {
    return this.pool.connect();
  }

  /** Runs a statement on a connection. Rejects with NoAnswerError, and closes the connection, when the answer is overdue. */
  query(client: pg.PoolClient, config: pg.QueryConfig | string, answerTimeoutMs?: number): Promise<pg.QueryResult> {
    return this.within(client, () => client.query(config), answerTimeoutMs);
  }

  /** As `query`, for anything that a connection does. */
  within<T>(client: pg.PoolClient, work: () => Promise<T>, answerTimeoutMs = this.answerTimeoutMs): Promise<T> {
    const watch = this.#watch;
    watch.begin(client, answerTimeoutMs);
    // One promise and not the three of an async function: every statement of a transaction comes through here.
    return work().then(
      (result) => {
        watch.end(client);
        return result;
      },
      (error) => {
        watch.end(client);
        throw error;
      },
    );
  }

  /** Gives a connection back, with the failure of its last statement if it had one: a broken connection is closed. */
  release(client: pg.PoolClient, failure?: unknown): void {
    const isBroken = failure !== undefined && isConnectionFailure(failure);
    client.release(isBroken ? (failure as Error) : undefined);
    if (isReadOnlyServer(failure)) this.#watch.closeIdle(failure as Error);
  }

  /** Runs a statement on any connection; one whose plan is stale, as a migration has changed a table, is closed and another is taken. */
  async queryAny(config: pg.QueryConfig): Promise<pg.QueryResult> {
    for (let attempt = 0; ; attempt += 1) {
      const client = await this.pool.connect();
      this.#watch.begin(client, this.answerTimeoutMs);
      try {
        const result = await client.query(config);
        this.#watch.end(client);
        client.release();
        return result;
      } catch (error) {
        this.#watch.end(client);
        this.release(client, error);
        if (!isStalePlan(error) || attempt >= stalePlansMax) throw error;
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.pool.ending) return;
    await this.pool.end();
    startTimer(goodbyeMs, () => this.#watch[Symbol.dispose]()).unref();
  }
}

/** How long to wait for the answer to a statement that may run for so long, in ms. */
export function answerTimeoutOf(statementTimeoutMs: number): number {
  return statementTimeoutMs + answerMarginMs;
}
