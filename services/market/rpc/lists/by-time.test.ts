import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ListAuctionsRequestSchema,
  ListAuctionsResponseSchema,
  ListPastQuotesRequestSchema,
  ListPastQuotesResponseSchema,
} from '#gen/outcry/market/v1/market_pb.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import type { MarketDeps } from '../../deps.ts';
import { savePastQuotes } from '../../store/past-quotes.ts';
import { saveAuctions } from '../../store/save-auctions.ts';
import { openListDeps } from '../../testing/list-deps.ts';
import { listAuctions } from '../list-auctions.ts';
import { listPastQuotes } from '../list-past-quotes.ts';

const noonMs = Date.UTC(2025, 2, 10, 12);
const at = (afterMs: number) => timestampFromMs(noonMs + afterMs);
let db: OpenTestDatabase;
let deps: MarketDeps;

beforeAll(async () => {
  db = await openTestDatabase();
  await migrate(db, new URL('../../store/migrations/', import.meta.url));
  deps = await openListDeps(db);
});
afterAll(() => db?.[Symbol.asyncDispose]());

describe('listAuctions, listPastQuotes', () => {
  type Range = {
    symbol?: string;
    symbols?: string[];
    startTime?: Timestamp;
    endTime?: Timestamp;
    oldestFirst?: boolean;
  };
  type Page = { rows: { symbol: string; time?: Timestamp | undefined }[]; nextPageToken: string };
  type List = (page: Range & { pageSize: number; pageToken: string }) => Promise<Page>;

  const auctions: List = async (request) => {
    const answer = await listAuctions(deps, create(ListAuctionsRequestSchema, request));
    return { rows: create(ListAuctionsResponseSchema, answer).auctions, nextPageToken: answer.nextPageToken };
  };
  const quotes: List = async (request) => {
    const answer = await listPastQuotes(deps, create(ListPastQuotesRequestSchema, request));
    return { rows: create(ListPastQuotesResponseSchema, answer).quotes, nextPageToken: answer.nextPageToken };
  };

  async function add(symbol: string, ...afterMs: number[]): Promise<void> {
    const best = { priceTicks: 100n, quantityLots: 1n };
    const rows = afterMs.map((ms) => ({ symbol, timeMs: noonMs + ms }));
    await saveAuctions(
      db,
      rows.map((row) => ({ ...row, ...best, kind: 'opening' as const })),
    );
    await savePastQuotes(
      db,
      rows.map((row) => ({ ...row, bid: best, ask: undefined })),
    );
  }

  /** All pages of two rows; another row comes after each. */
  async function walk(list: List, range: Range): Promise<string[]> {
    const found: string[] = [];
    for (let pageToken = '', laterMs = 8_000; ; laterMs += 1_000) {
      const { rows, nextPageToken } = await list({ ...range, pageSize: 2, pageToken });
      found.push(...rows.map(({ symbol, time }) => `${symbol} ${time ? timestampMs(time) - noonMs : ''}`));
      pageToken = nextPageToken;
      if (pageToken === '') return found;
      await add('ACME', laterMs);
    }
  }

  it('list a range of time in either order, each row once while others come', async () => {
    await add('ACME', 0, 999, 1_000, 2_500, 7_000, 7_000);
    await add('BOLT', 1);
    const range = { symbol: 'ACME', startTime: at(999), endTime: at(7_000) };
    const between = ['ACME 2500', 'ACME 1000', 'ACME 999'];
    for (const list of [auctions, quotes]) {
      expect(await walk(list, range)).toEqual(between);
      expect(await walk(list, { ...range, oldestFirst: true })).toEqual(between.toReversed());
    }
    const all = { symbols: ['BOLT', 'ACME'], endTime: at(7_001) };
    expect(await walk(auctions, all)).toEqual(['ACME 7000', 'ACME 7000', ...between, 'ACME 0', 'BOLT 1']);
    // Of a second there is the last quote.
    expect(await walk(quotes, all)).toEqual(['ACME 7000', ...between, 'BOLT 1']);
  });
});
