import type pg from 'pg';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { isConnectionFailure, isSerializationFailure, isStalePlan, stalePlansMax, toCallerError } from './failures.ts';
import { collectAfterCommit, type Sql, type TransactionOptions } from './sql.ts';

const beginStatements = {
  'read committed': 'BEGIN',
  'repeatable read': 'BEGIN ISOLATION LEVEL REPEATABLE READ',
  serializable: 'BEGIN ISOLATION LEVEL SERIALIZABLE',
};

/** Where a transaction gets its connection, and how statements run on it. */
export type TransactionSource = {
  connect: () => Promise<pg.PoolClient>;
  sqlOf: (client: pg.PoolClient, isOpen: () => boolean) => Sql;
  onRetry: () => void;
};

/** Runs `work` in a transaction and repeats it, with backoff, as long as that is safe and useful. */
export async function runTransaction<T>(
  source: TransactionSource,
  work: (tx: Sql) => Promise<T>,
  { isolation = 'read committed', attemptsMax = 5 }: TransactionOptions = {},
): Promise<T> {
  let stalePlans = 0;
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await attemptTransaction(source, work, beginStatements[isolation]);
    if (outcome.kind === 'committed') return outcome.value;
    if (isStalePlan(outcome.error) && stalePlans < stalePlansMax) {
      // That connection is closed by now, and says nothing about the next one.
      stalePlans += 1;
      attempt -= 1;
      continue;
    }
    if (!outcome.repeatable || attempt + 1 >= attemptsMax) throw toCallerError(outcome.error);
    source.onRetry();
    await pause(backoffMs(attempt, 5, 200));
  }
}

type Outcome<T> = { kind: 'committed'; value: T } | { kind: 'failed'; error: unknown; repeatable: boolean };

async function attemptTransaction<T>(
  source: TransactionSource,
  work: (tx: Sql) => Promise<T>,
  begin: string,
): Promise<Outcome<T>> {
  let client: pg.PoolClient;
  try {
    client = await source.connect();
  } catch (error) {
    return { kind: 'failed', error, repeatable: isConnectionFailure(error) };
  }
  let open = true;
  let committing = false;
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const tx = source.sqlOf(client, () => open);
    const runAfterCommit = collectAfterCommit(tx);
    const value = await work(tx);
    open = false;
    committing = true;
    await commit(client);
    runAfterCommit();
    return { kind: 'committed', value };
  } catch (error) {
    open = false;
    broken = await rollBack(client, error);
    // Once COMMIT was sent, a broken connection leaves the outcome unknown: repeating could do the work twice.
    const repeatable = isSerializationFailure(error) || (!committing && isConnectionFailure(error));
    return { kind: 'failed', error, repeatable };
  } finally {
    client.release(broken);
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  // A transaction in which a statement failed answers COMMIT with ROLLBACK; the caller must have swallowed the error.
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back because one of its statements failed');
}

async function rollBack(client: pg.PoolClient, error: unknown): Promise<Error | undefined> {
  if (isConnectionFailure(error)) return error as Error;
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (rollbackError) {
    return rollbackError as Error;
  }
}
