import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CandleInterval, ListCandlesRequestSchema, ListTradesRequestSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import type { MarketDeps } from '../../deps.ts';
import { candlesOf } from '../../domain/candle.ts';
import { deleteExpired } from '../../store/delete-expired.ts';
import { saveTrades } from '../../store/save-trades.ts';
import { openListDeps } from '../../testing/list-deps.ts';
import { listCandles } from '../list-candles.ts';
import { listTrades } from '../list-trades.ts';

const noonMs = Date.UTC(2025, 2, 10, 12);
const minuteMs = 60_000;
let db: OpenTestDatabase;
let deps: MarketDeps;

beforeAll(async () => {
  db = await openTestDatabase();
  await migrate(db, new URL('../../store/migrations/', import.meta.url));
  deps = await openListDeps(db);
});
beforeEach(() => db.query('TRUNCATE trade, candle RESTART IDENTITY'));
afterAll(() => db?.[Symbol.asyncDispose]());

let sequence = 0;

/** Trades of one share, at these times after noon. */
async function record(symbol: string, ...afterMs: number[]): Promise<void> {
  const trades = afterMs.map((ms) => {
    sequence += 1;
    const facts = { symbol, sequence: BigInt(sequence), timeMs: noonMs + ms, priceTicks: 100n, quantityLots: 1n };
    return { ...facts, tradeId: `0-${sequence}`, takerSide: Side.BUY };
  });
  await saveTrades(db, trades, candlesOf(trades));
}

type TradesInit = MessageInitShape<typeof ListTradesRequestSchema>;
type CandlesInit = MessageInitShape<typeof ListCandlesRequestSchema>;
const at = (afterMs: number) => timestampFromMs(noonMs + afterMs);
const tradesPage = (init: TradesInit) => listTrades(deps, create(ListTradesRequestSchema, init));
const candlesPage = (init: CandlesInit) => listCandles(deps, create(ListCandlesRequestSchema, init));
const minutesOf = (count: number) => Array.from({ length: count }, (_, minute) => minute * minuteMs);

/** All pages of trades, as their symbols with the time after noon; `between` runs after each page. */
async function walkTrades(init: TradesInit, between: () => Promise<unknown> = async () => {}): Promise<string[]> {
  const rows: string[] = [];
  for (let pageToken = ''; ; ) {
    const page = await tradesPage({ ...init, pageToken });
    rows.push(...page.trades.map(({ symbol, time }) => `${symbol} ${time ? timestampMs(time) - noonMs : ''}`));
    pageToken = page.nextPageToken;
    if (pageToken === '') return rows;
    await between();
  }
}

async function walkCandles(init: CandlesInit, between: () => Promise<unknown> = async () => {}): Promise<string[]> {
  const rows: string[] = [];
  for (let pageToken = ''; ; ) {
    const page = await candlesPage({ ...init, pageToken });
    rows.push(
      ...page.candles.map(({ symbol, startTime }) => `${symbol} ${(timestampMs(startTime) - noonMs) / minuteMs}`),
    );
    pageToken = page.nextPageToken;
    if (pageToken === '') return rows;
    await between();
  }
}

describe('listTrades', () => {
  it('lists a half-open range of time in either order', async () => {
    await record('ACME', 0, 10, 10, 20, 30);
    const range = { symbol: 'ACME', startTime: at(10), endTime: at(30) };
    expect(await walkTrades(range)).toEqual(['ACME 20', 'ACME 10', 'ACME 10']);
    expect(await walkTrades({ ...range, oldestFirst: true })).toEqual(['ACME 10', 'ACME 10', 'ACME 20']);
    expect(await walkTrades({ symbol: 'ACME', startTime: at(30) })).toEqual(['ACME 30']);
    expect(await walkTrades({ symbol: 'ACME', endTime: at(1), oldestFirst: true })).toEqual(['ACME 0']);
    expect(await walkTrades({ symbol: 'BOLT' })).toEqual([]);
  });

  it('has each trade of several symbols once, symbol by symbol, whatever the size of pages', async () => {
    await record('BOLT', 5, 5, 5, 6);
    await record('ACME', 1, 2);
    await record('NOVA', 3);
    const expected = ['ACME 1', 'ACME 2', 'BOLT 5', 'BOLT 5', 'BOLT 5', 'BOLT 6', 'NOVA 3'];
    const symbols = ['NOVA', 'BOLT', 'HALO', 'ACME', 'BOLT'];
    for (const pageSize of [1, 2, 3, 4, 7, 100]) {
      expect(await walkTrades({ symbols, pageSize, oldestFirst: true })).toEqual(expected);
    }
  });

  it('goes on where it was while trades are added and the oldest are deleted', async () => {
    for (const oldestFirst of [true, false]) {
      await db.query('TRUNCATE trade');
      await record('ACME', ...Array.from({ length: 40 }, (_, i) => 1_000 + Math.floor(i / 3)));
      await record('ACME', -8 * 86_400_000);
      const stored = await walkTrades({ symbol: 'ACME', oldestFirst, startTime: at(0) });
      expect(stored).toHaveLength(40);
      let added = 2_000;
      const walked = await walkTrades({ symbol: 'ACME', oldestFirst, pageSize: 7, endTime: at(1_500) }, async () => {
        await record('ACME', added, added);
        added += 1;
        await deleteExpired(db, noonMs);
      });
      expect(walked.filter((row) => stored.includes(row))).toEqual(stored);
    }
  });
});

describe('listCandles', () => {
  it('lists a half-open range of starts in either order', async () => {
    await record('ACME', ...minutesOf(5));
    const range = { symbol: 'ACME', startTime: at(minuteMs), endTime: at(3 * minuteMs) };
    expect(await walkCandles(range)).toEqual(['ACME 2', 'ACME 1']);
    expect(await walkCandles({ ...range, oldestFirst: true })).toEqual(['ACME 1', 'ACME 2']);
    expect(await walkCandles({ ...range, interval: CandleInterval.CANDLE_INTERVAL_1H })).toEqual([]);
    expect(await walkCandles({ ...range, startTime: at(1), interval: CandleInterval.CANDLE_INTERVAL_5M })).toEqual([]);
    const hour = { symbol: 'ACME', interval: CandleInterval.CANDLE_INTERVAL_1H, endTime: at(1) };
    expect((await candlesPage(hour)).candles).toMatchObject([{ tradeCount: 5n, vwap: '1.00' }]);
  });

  it('has each candle once while candles grow and begin between pages, in either order', async () => {
    const symbols = ['BOLT', 'ACME'];
    for (const oldestFirst of [true, false]) {
      await db.query('TRUNCATE candle');
      await record('ACME', ...minutesOf(25));
      await record('BOLT', ...minutesOf(12));
      const stored = await walkCandles({ symbols, oldestFirst });
      expect(stored).toHaveLength(37);
      let minute = 25;
      const walked = await walkCandles({ symbols, oldestFirst, pageSize: 4 }, async () => {
        await record('ACME', minute * minuteMs, 7 * minuteMs);
        await record('BOLT', minute * minuteMs);
        minute += 1;
      });
      expect(walked.filter((row) => stored.includes(row))).toEqual(stored);
      expect(new Set(walked).size).toBe(walked.length);
    }
  });

  it('reads twenty symbols without rows before one with rows', async () => {
    const symbols = deps.catalogue.list().map(({ symbol }) => symbol);
    const last = symbols.at(-1) ?? '';
    await record(last, ...minutesOf(3));
    expect(symbols.length).toBeGreaterThan(11);
    expect(await walkCandles({ symbols, pageSize: 2, oldestFirst: true })).toEqual([
      `${last} 0`,
      `${last} 1`,
      `${last} 2`,
    ]);
  });

  it('combines intervals, whatever the size of pages, in either order and within the range of starts', async () => {
    await record('ACME', ...minutesOf(50));
    await record('BOLT', ...minutesOf(7));
    const quarters = { symbols: ['ACME', 'BOLT'], multiple: 15 };
    const expected = ['ACME 0', 'ACME 15', 'ACME 30', 'ACME 45', 'BOLT 0'];
    for (const pageSize of [1, 2, 3, 5, 600]) {
      expect(await walkCandles({ ...quarters, pageSize, oldestFirst: true })).toEqual(expected);
      const newestFirst = ['ACME 45', 'ACME 30', 'ACME 15', 'ACME 0', 'BOLT 0'];
      expect(await walkCandles({ ...quarters, pageSize })).toEqual(newestFirst);
    }
    const range = { symbol: 'ACME', multiple: 15, startTime: at(1), endTime: at(30 * minuteMs + 1), oldestFirst: true };
    expect((await candlesPage(range)).candles).toMatchObject([
      { multiple: 15, tradeCount: 15n, volume: '0.0015', vwap: '1.00' },
      { multiple: 15, tradeCount: 15n },
    ]);
    expect((await candlesPage({ symbol: 'ACME', pageSize: 1 })).candles).toMatchObject([{ multiple: 1 }]);
  });

  it('refuses what makes no list, and a token of another one, by field', async () => {
    await record('ACME', ...minutesOf(3));
    const { nextPageToken: pageToken } = await candlesPage({ symbol: 'ACME', pageSize: 1 });
    const refusals: [CandlesInit, ErrorReason, field: string][] = [
      [{ symbol: 'ACME', symbols: ['BOLT'] }, ErrorReason.INVALID_FIELD, 'symbols'],
      [{ symbols: Array.from({ length: 101 }, () => 'ACME') }, ErrorReason.INVALID_FIELD, 'symbols'],
      [{ symbol: 'acme' }, ErrorReason.INVALID_FIELD, 'symbol'],
      [{ symbol: 'ACME', pageSize: 1_001 }, ErrorReason.INVALID_FIELD, 'page_size'],
      [{ symbol: 'ACME', multiple: 60 }, ErrorReason.INVALID_FIELD, 'multiple'],
      [{ symbol: 'ACME', multiple: -1 }, ErrorReason.INVALID_FIELD, 'multiple'],
      [{ symbol: 'ACME', multiple: 20, pageSize: 501 }, ErrorReason.INVALID_FIELD, 'page_size'],
      [{ symbol: 'ACME', pageToken, multiple: 2 }, ErrorReason.PAGE_TOKEN_INVALID, 'page_token'],
      [{ symbol: 'ACME', interval: 99 as CandleInterval }, ErrorReason.INVALID_FIELD, 'interval'],
      [{ symbol: 'ACME', startTime: at(2), endTime: at(1) }, ErrorReason.INVALID_FIELD, 'end_time'],
      [{ symbol: 'ACME', pageToken, oldestFirst: true }, ErrorReason.PAGE_TOKEN_INVALID, 'page_token'],
      [{ symbol: 'ACME', pageToken, endTime: at(minuteMs) }, ErrorReason.PAGE_TOKEN_INVALID, 'page_token'],
      [{ symbols: ['ACME', 'BOLT'], pageToken }, ErrorReason.PAGE_TOKEN_INVALID, 'page_token'],
    ];
    for (const [init, reason, field] of refusals) {
      await expect(candlesPage(init)).rejects.toMatchObject({ reason, violations: [{ field }] });
    }
    expect((await candlesPage({ symbol: 'ACME', pageToken })).candles).toHaveLength(2);
  });
});
