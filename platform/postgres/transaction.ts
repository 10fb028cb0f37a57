import type pg from 'pg';
import { isMirrored } from '#platform/telemetry/trace-context.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { answerTimeoutOf, type BoundedPool } from './bounded-pool.ts';
import { isConnectionFailure, isSerializationFailure, isStalePlan, stalePlansMax, toCallerError } from './failures.ts';
import { readOnlyForCopy } from './read-only.ts';
import { collectAfterCommit, type Sql, type TransactionOptions } from './sql.ts';

const beginStatements = {
  'read committed': 'BEGIN',
  'repeatable read': 'BEGIN ISOLATION LEVEL REPEATABLE READ',
  serializable: 'BEGIN ISOLATION LEVEL SERIALIZABLE',
};

/** The connection of a transaction, whether it goes on, and how long to wait for answers to its statements, in ms. */
export type TransactionClient = { client: pg.PoolClient; isOpen: () => boolean; answerTimeoutMs: number };

/** Where a transaction gets its connection, and how statements run on it. */
export type TransactionSource = {
  pool: BoundedPool;
  sqlOf: (client: TransactionClient) => Sql;
  onRetry: () => void;
  /** Once so much time has passed, in ms, a lost connection is a failure. */
  repeatMsMax: number;
};

/** Runs `work` in a transaction and repeats it, with backoff, as long as that is safe and useful. */
export async function runTransaction<T>(
  source: TransactionSource,
  work: (tx: Sql) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const { attemptsMax = 5 } = options;
  const endTimeMs = performance.now() + source.repeatMsMax;
  let stalePlans = 0;
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await attemptTransaction(source, work, options);
    if (outcome.kind === 'committed') return outcome.value;
    if (isStalePlan(outcome.error) && stalePlans < stalePlansMax) {
      // That connection is closed by now, and says nothing about the next one.
      stalePlans += 1;
      attempt -= 1;
      continue;
    }
    const isLate = isConnectionFailure(outcome.error) && performance.now() > endTimeMs;
    if (!outcome.repeatable || isLate || attempt + 1 >= attemptsMax) throw toCallerError(outcome.error);
    source.onRetry();
    await pause(backoffMs(attempt, 5, 200));
  }
}

type Outcome<T> = { kind: 'committed'; value: T } | { kind: 'failed'; error: unknown; repeatable: boolean };

async function attemptTransaction<T>(
  { pool, sqlOf }: TransactionSource,
  work: (tx: Sql) => Promise<T>,
  { isolation = 'read committed', statementTimeoutMs }: TransactionOptions,
): Promise<Outcome<T>> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    return { kind: 'failed', error, repeatable: isConnectionFailure(error) };
  }
  let open = true;
  let committing = false;
  let broken: unknown;
  const answerTimeoutMs = statementTimeoutMs === undefined ? pool.answerTimeoutMs : answerTimeoutOf(statementTimeoutMs);
  const query = (text: string) => pool.query(client, text, answerTimeoutMs);
  try {
    const isCopy = isMirrored();
    await query(beginStatement(`${beginStatements[isolation]}${isCopy ? ' READ ONLY' : ''}`, statementTimeoutMs));
    const sql = sqlOf({ client, isOpen: () => open, answerTimeoutMs });
    const tx = isCopy ? readOnlyForCopy(sql) : sql;
    const runAfterCommit = collectAfterCommit(tx);
    const value = await work(tx);
    open = false;
    committing = true;
    await commit(query);
    runAfterCommit();
    return { kind: 'committed', value };
  } catch (error) {
    open = false;
    broken = await rollBack(query, error);
    // Once COMMIT was sent, a broken connection leaves the outcome unknown: repeating could do the work twice.
    const repeatable = isSerializationFailure(error) || (!committing && isConnectionFailure(error));
    return { kind: 'failed', error, repeatable };
  } finally {
    pool.release(client, broken);
  }
}

type RunText = (text: string) => Promise<pg.QueryResult>;

function beginStatement(begin: string, statementTimeoutMs?: number): string {
  if (statementTimeoutMs === undefined) return begin;
  return `${begin}; SET LOCAL statement_timeout = ${Math.ceil(statementTimeoutMs)}`;
}

async function commit(query: RunText): Promise<void> {
  const { command } = await query('COMMIT');
  // A transaction in which a statement failed answers COMMIT with ROLLBACK; the caller must have swallowed the error.
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back because one of its statements failed');
}

/** What is wrong with the connection, if it cannot be used any more. */
async function rollBack(query: RunText, error: unknown): Promise<unknown> {
  if (isConnectionFailure(error)) return error;
  try {
    await query('ROLLBACK');
    return undefined;
  } catch (rollbackError) {
    return rollbackError;
  }
}
