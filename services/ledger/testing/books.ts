/** The tables of a ledger without the service around them, for tests of what stands below it. */
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { needs } from '../needs.ts';
import { saveAccounts } from '../store/save-accounts.ts';

/** What an account of a test has, in micros and millionths of a share. */
export type TestAccount = { state?: 'active' | 'frozen'; cash?: bigint; shares?: Record<string, bigint> };

/** The tables, opened as the service opens them. */
export type TestBooks = AsyncDisposable & {
  db: Database;
  /** As a second replica has it. */
  openAnother(options?: { poolMax?: number }): Database;
  /** A new account; its id. */
  addAccount(account: TestAccount): Promise<string>;
  /** `asset available/held` of each balance of the account, by asset. */
  balancesOf(accountId: string): Promise<string[]>;
  /** Resolves when so many statements wait for a lock. */
  untilWaiting(count: number): Promise<void>;
};

/** Opens them in a database of their own. */
export async function openBooks(): Promise<TestBooks> {
  const test = await openTestDatabase();
  const opened: Database[] = [];
  const openAnother = (options = {}) => {
    const db = openDatabase({
      url: test.url,
      applicationName: 'ledger',
      logger: silentLogger,
      ...options,
    });
    opened.push(db);
    return db;
  };
  const db = openAnother();
  await migrate(db, needs.database.migrations);
  return {
    db,
    openAnother,
    addAccount: (account) => addAccount(db, account),
    async balancesOf(accountId) {
      const { rows } = await db.query<{ text: string }>(
        `SELECT asset || ' ' || available || '/' || held AS text FROM balance WHERE account_id = $1 ORDER BY asset`,
        [accountId],
      );
      return rows.map(({ text }) => text);
    },
    untilWaiting: (count) => untilWaiting(test, count),
    async [Symbol.asyncDispose]() {
      for (const one of opened) await one[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

async function addAccount(db: Sql, { state = 'active', cash = 0n, shares = {} }: TestAccount): Promise<string> {
  const accountId = uuidV7();
  await saveAccounts(db, [{ accountId, version: 1n, state, house: false, transferMaxMicros: undefined }]);
  for (const [asset, available] of Object.entries({ USD: cash, ...shares })) {
    await db.query('INSERT INTO balance (account_id, asset, available, held) VALUES ($1, $2, $3, 0)', [
      accountId,
      asset,
      available,
    ]);
  }
  return accountId;
}

/** Resolves when so many statements of the database wait for a lock. */
export async function untilWaiting(db: Sql, count: number): Promise<void> {
  await eventually(async () => {
    const { rows } = await db.query<{ waiting: bigint }>(
      `SELECT count(*) AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows[0]?.waiting !== BigInt(count)) throw new Error(`${rows[0]?.waiting} statements wait`);
  });
}

/** A database whose transactions stop once after the first statement whose text has `part`, until `work` is done there. */
export function interrupted(db: Database, part: string, work: () => Promise<void>): Database {
  let isDone = false;
  const change = (tx: Sql): Sql => ({
    async query(text, values) {
      const result = await tx.query<never>(text, values);
      if (isDone || !text.includes(part)) return result;
      isDone = true;
      await work();
      return result;
    },
  });
  return { ...db, transaction: (run, options) => db.transaction((tx) => run(change(tx)), options) };
}
