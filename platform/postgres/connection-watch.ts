/** Ends connections whose server has gone silent: one that is frozen, or has vanished without a reset, ends no wait by itself. */
import type pg from 'pg';
import { startInterval } from '#platform/time/timer.ts';

/** A connection was given up because the server did not answer; whether the statement took effect is unknown. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** What to watch. */
export type ConnectionWatchOptions = {
  pool: pg.Pool;
  /** Usual length of a wait, in ms, on which the precision of all of them depends. */
  answerTimeoutMs: number;
  /** Runs when a connection was given up. */
  onGivenUp: (error: NoAnswerError) => void;
};

/**
 * Watches all connections of a pool. One timer serves them all and counts its ticks: a statement costs an entry in a map, and a process
 * that was suspended does not take its own pause for the server's.
 */
export class ConnectionWatch implements Disposable {
  readonly #onGivenUp: ConnectionWatchOptions['onGivenUp'];
  readonly #tickMs: number;
  readonly #timer: Disposable;
  #ticks = 0;
  /** Connections with a statement under way, and the tick at which its answer is overdue. */
  readonly #overdueTicks = new Map<pg.PoolClient, number>();
  readonly #open = new Set<pg.PoolClient>();
  readonly #idle = new Set<pg.PoolClient>();

  constructor(options: ConnectionWatchOptions) {
    const { pool, answerTimeoutMs } = options;
    this.#onGivenUp = options.onGivenUp;
    this.#tickMs = Math.min(500, Math.max(20, answerTimeoutMs / 10));
    this.#timer = startInterval(this.#tickMs, () => this.#tick()).unref();
    pool.on('connect', (client) => this.#open.add(client));
    pool.on('acquire', (client) => this.#idle.delete(client));
    pool.on('release', (error, client) => {
      if (!error) this.#idle.add(client);
    });
    pool.on('remove', (client) => {
      this.#open.delete(client);
      this.#idle.delete(client);
    });
  }

  /** A statement begins on a connection, which is destroyed when the answer is overdue: the statement fails with NoAnswerError then. */
  begin(client: pg.PoolClient, answerTimeoutMs: number): void {
    // The tick under way is not a whole one.
    this.#overdueTicks.set(client, this.#ticks + Math.ceil(answerTimeoutMs / this.#tickMs) + 1);
  }

  /** The statement was answered, or has failed. */
  end(client: pg.PoolClient): void {
    this.#overdueTicks.delete(client);
  }

  /** Closes the connections without a statement: what was found out about another one holds for those that are as old. */
  closeIdle(cause: Error): void {
    for (const client of [...this.#idle]) {
      // The pool removes an idle connection with an error at once, and gives it to no one in the meantime.
      client.emit('error', cause);
      client.connection.stream.destroy();
    }
  }

  /** Destroys what is left of a pool that has ended: to say goodbye, its connections wait for the server. */
  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    for (const client of this.#open) client.connection.stream.destroy();
  }

  #tick(): void {
    this.#ticks += 1;
    for (const [client, overdueTick] of this.#overdueTicks) {
      if (overdueTick <= this.#ticks) this.#giveUp(client);
    }
  }

  #giveUp(client: pg.PoolClient): void {
    const error = new NoAnswerError('the database did not answer in time; its connection was closed');
    this.#overdueTicks.delete(client);
    client.connection.stream.destroy(error);
    this.closeIdle(error);
    this.#onGivenUp(error);
  }
}
