/** Terms without a process, for tests of the journal. */

import { openDatabase } from '#platform/postgres/database.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { plainChange, type SubmitCommand } from '../engine/model/commands.ts';
import { listing, order, orderId } from '../engine/testing/driver.ts';
import type { SequencerLimits } from '../replication/sequencer-limits.ts';
import { startTerm, type Term, type TermOptions } from '../replication/term.ts';
import type { ReplicaIdentity } from '../store/take-over.ts';

/** A logger without output. */
export const silentLogger = createLogger({ service: 'exchange', level: 'silent' });

/** A migrated database of its own; disposing it removes it. */
export type JournalDatabase = AsyncDisposable & { db: Database; url: string };

/** Makes a database with the exchange's tables. */
export async function createJournalDatabase(): Promise<JournalDatabase> {
  const database: TestDatabase = await createTestDatabase();
  const db = openDatabase({ url: database.url, applicationName: 'exchange test', logger: silentLogger });
  await migrate(db, new URL('../store/migrations/', import.meta.url));
  return {
    db,
    url: database.url,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]();
      await database.drop();
    },
  };
}

/** A process at an address that refuses connections. */
export const testReplica: ReplicaIdentity = { name: 'test', address: '127.0.0.1:1' };

/** Starts a term on shard 0 of a database. */
export function startTestTerm(
  db: Database,
  limits?: Partial<SequencerLimits>,
  options: Partial<Pick<TermOptions, 'snapshots' | 'logger' | 'nowMs'>> = {},
): Promise<Term> {
  const signal = new AbortController().signal;
  const shard = { shard: 0, self: testReplica, signal, nowMs: Date.now, logger: silentLogger };
  return startTerm({ db, readDb: db, ...shard, limits, ...options });
}

/** Lists ACME and fills it with orders that trade, cancels, replaces and rejections, in many groups. */
export async function exercise(term: Term, orderCount: number): Promise<void> {
  await term.submit([{ kind: 'list', listing: listing() }]);
  for (let start = 0; start < orderCount; start += 10) {
    const numbers = Array.from({ length: Math.min(10, orderCount - start) }, (_, i) => start + i);
    await term.submit(numbers.map((number) => freshOrder(number)));
    const keyed = { orderId: freshOrder(start).orderId, accountId: 'a0', symbol: 'ACME' };
    const terms = { expectedRevision: 1, priceTicks: 98, quantityLots: 30 };
    await term.submit([
      { kind: 'replace', ...plainChange, commandId: `r${start}`, ...keyed, ...terms },
      { kind: 'cancel', commandId: `c${start}`, ...keyed, orderId: freshOrder(start + 3).orderId, accountId: 'a3' },
    ]);
  }
}

/** The order of a number; its id is made when the test begins, as ids must be younger than a day. */
export function freshOrder(number: number): SubmitCommand {
  const id = orderId(number, madeTimeMs);
  const side = number % 2 === 0 ? 1 : 2;
  const priceTicks = 100 + (number % 5) - (side === 1 ? 3 : 1);
  const accountId = `a${number % 10}`;
  return order(number, {
    orderId: id,
    idTimeMs: madeTimeMs,
    side,
    priceTicks,
    accountId,
    quantityLots: 1 + (number % 7),
  });
}

const madeTimeMs = Date.now();
