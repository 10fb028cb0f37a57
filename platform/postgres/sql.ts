import type { BinaryRow } from './copy-out.ts';

/** What a statement returned. `rowCount` is the number of rows returned or changed. */
export type QueryResult<R> = { rows: R[]; rowCount: number };

/**
 * Runs statements, in a transaction or each in its own. For a copy of a call the database refuses all that change something. int8 (also count and sum of int) reads as bigint, numeric as
 * string, timestamptz as Date, date as `YYYY-MM-DD`, bytea as Buffer; bigint, Uint8Array and arrays of them may be passed.
 */
export type Sql = {
  /**
   * A statement with values is prepared once a connection and its plan used again. Its text must be one of few: values go into `values`,
   * never into the text.
   */
  query<R>(text: string, values?: unknown[]): Promise<QueryResult<R>>;
};

/** The isolation of a transaction and the number of its attempts. */
export type TransactionOptions = {
  /** Default `read committed`. */
  isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** Attempts in all when the database asks to repeat (40001, 40P01) or the connection broke before COMMIT; default 5. */
  attemptsMax?: number;
  /** Longest run of each statement, in ms; default: that of the pool. */
  statementTimeoutMs?: number;
};

/** A pool of connections to one database, and at most one more for notifications. */
export type Database = Sql &
  AsyncDisposable & {
    /**
     * Runs `work` in one transaction: committed when it resolves, rolled back when it throws. `work` may run several times.
     * The `tx` that it gets is of no use after it has ended.
     */
    transaction<T>(work: (tx: Sql) => Promise<T>, options?: TransactionOptions): Promise<T>;
    /**
     * The rows of a SELECT without parameters, in PostgreSQL's binary form: bytea as it is, integers big-endian. For many bytes,
     * which text would double. The buffers of a row share one memory.
     */
    readBinary(select: string): Promise<BinaryRow[]>;
    /**
     * Calls `onNotify` at each NOTIFY on the channel, and once with an empty payload after the connection was lost and made
     * again, as something may have been missed. Resolves when it listens; dispose to stop.
     */
    listen(channel: string, onNotify: (payload: string) => void): Promise<AsyncDisposable>;
    /** Whether a statement is answered within a second. Never throws. */
    healthy(): Promise<boolean>;
  };

const afterCommitCallbacks = new WeakMap<Sql, (() => void)[]>();

/** Runs `callback` once the transaction of `sql` has committed; at once when `sql` commits each statement by itself. */
export function afterCommit(sql: Sql, callback: () => void): void {
  const callbacks = afterCommitCallbacks.get(sql);
  if (callbacks) callbacks.push(callback);
  else callback();
}

/** Begins to collect the callbacks of a transaction; the function returned runs them. For the transaction runner only. */
export function collectAfterCommit(sql: Sql): () => void {
  const callbacks: (() => void)[] = [];
  afterCommitCallbacks.set(sql, callbacks);
  return () => {
    for (const callback of callbacks) callback();
  };
}
