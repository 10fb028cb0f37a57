import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '#platform/postgres/migrate.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import type { PastQuote } from '../domain/past-quote.ts';
import { deleteExpired, pastQuoteRetentionMs } from '../store/delete-expired.ts';
import { readPastQuotes, savePastQuotes } from '../store/past-quotes.ts';
import { recordQuotes } from './record-quotes.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
let db: OpenTestDatabase;
let stop: AbortController;
/** The lists of those samplers that were given up. */
let disposed: PastQuote[][][];
beforeAll(async () => {
  db = await openTestDatabase();
  await migrate(db, new URL('../store/migrations/', import.meta.url));
});
beforeEach(async () => {
  [stop, disposed] = [new AbortController(), []];
  await db.query('TRUNCATE past_quote, platform.lease');
});
afterEach(() => stop.abort());
afterAll(() => db?.[Symbol.asyncDispose]());

const quote = (symbol: string, timeMs: number, bidLots: number): PastQuote => ({
  ...{ symbol, timeMs, ask: undefined },
  bid: { priceTicks: 50n, quantityLots: BigInt(bidLots) },
});

async function stored(symbols = ['A', 'B'], limit = 100): Promise<string[]> {
  const ever = { fromMs: 0, untilMs: 9_999_999_999_999 };
  const quotes = await readPastQuotes(db, { symbols, range: ever, seconds: ever, oldestFirst: true, limit });
  return quotes.map(({ symbol, timeMs, bid, ask }) => `${symbol} ${timeMs} ${bid?.quantityLots} ${ask?.quantityLots}`);
}

/** Records what is put into the list that it returns. */
function record(): PastQuote[][] {
  const waiting: PastQuote[][] = [];
  const sampler = { take: () => waiting.shift() ?? [], [Symbol.dispose]: () => void disposed.push(waiting) };
  const common = { db, clock: { nowMs: () => 0 }, logger, intervalMs: 10 };
  const options = { ...common, sample: () => sampler, holder: `h${Math.random()}` };
  void recordQuotes({ ...options, signal: stop.signal });
  return waiting;
}

describe('recordQuotes', () => {
  it('stores of each symbol and second the last, in however many parts they come', async () => {
    const waiting = record();
    waiting.push([quote('A', 1_100, 1), quote('A', 1_200, 2), quote('B', 1_300, 9)], [quote('A', 1_900, 3)]);
    waiting.push([quote('A', 2_000, 4)]);
    const all = ['A 1900 3 undefined', 'A 2000 4 undefined', 'B 1300 9 undefined'];
    await eventually(async () => expect(await stored()).toEqual(all));
    expect(await stored(['B', 'A'], 2)).toEqual([all[2], all[0]]);
  });

  it('leaves what is stored of a later time', async () => {
    await savePastQuotes(db, [quote('A', 1_900, 3)]);
    await savePastQuotes(db, [quote('A', 1_200, 2)]);
    expect(await stored()).toEqual(['A 1900 3 undefined']);
  });

  it('stores what waited once the database is there again', async () => {
    await db.query('ALTER TABLE past_quote RENAME TO away');
    const waiting = record();
    waiting.push([quote('A', 1_100, 1)]);
    await eventually(() => expect(waiting).toEqual([]));
    waiting.push([quote('A', 2_100, 2)]);
    await eventually(() => expect(waiting).toEqual([]));
    await db.query('ALTER TABLE away RENAME TO past_quote');
    await eventually(async () => expect(await stored()).toEqual(['A 1100 1 undefined', 'A 2100 2 undefined']));
  });

  it('writes by one process at a time, and notes nothing more once it is stopped', async () => {
    const [first, second] = [record(), record()];
    for (const waiting of [first, second]) waiting.push([quote('A', 1_000, 1)]);
    await eventually(async () => expect(await stored()).toEqual(['A 1000 1 undefined']));
    await eventually(() => expect([first.length, second.length].toSorted()).toEqual([0, 1]));
    stop.abort();
    await eventually(() => expect([first, second].map((waiting) => disposed.includes(waiting))).toEqual([true, true]));
  });
});

describe('deleteExpired', () => {
  it('deletes quotes that are past their retention', async () => {
    await savePastQuotes(db, [quote('ACME', 1_000, 1), quote('ACME', 3_000, 2)]);
    while ((await deleteExpired(db, pastQuoteRetentionMs + 2_000)) > 0);
    expect(await stored(['ACME'])).toEqual(['ACME 3000 2 undefined']);
  });
});
