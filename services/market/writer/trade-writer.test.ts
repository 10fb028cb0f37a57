import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PositionMovedError, readPosition } from '#platform/feed/position.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { readCandles } from '../store/read-candles.ts';
import { readTrades } from '../store/read-trades.ts';
import { follow, level, traded } from '../testing/events.ts';
import { createTradeWriter } from './trade-writer.ts';

const feed = 'exchange/0/epoch-1';
let db: OpenTestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
  await migrate(db, new URL('../store/migrations/', import.meta.url));
});
beforeEach(() => db.query('TRUNCATE trade, candle, platform.feed_position'));
afterAll(() => db?.[Symbol.asyncDispose]());

const tradesOf = (symbol: string) => readTrades(db, { symbol, beforeId: undefined, limit: 100 });
const minutesOf = (symbol: string) => readCandles(db, { symbol, interval: '1m', beforeMs: undefined, limit: 100 });

describe('createTradeWriter', () => {
  test('writes trades, candles and the position together, in groups', async () => {
    const writer = createTradeWriter({ db, groupDelayMs: 20 });
    expect(await writer.begin(feed)).toBe(0n);
    await writer.take(follow(1, [traded('A', 100, 5), traded('A', 90, 1), traded('B', 7, 1)]));
    await writer.take(follow(4, [traded('A', 95, 2), traded('A', 120, 1, 120_000)]));
    await eventually(async () => expect(await readPosition(db, feed)).toBe(5n));
    expect((await tradesOf('A')).map(({ priceTicks }) => priceTicks)).toEqual([120n, 95n, 90n, 100n]);
    expect(await minutesOf('A')).toMatchObject([
      { startMs: 120_000, open: 120n, volumeLots: 1n },
      { startMs: 60_000, open: 100n, high: 100n, low: 90n, close: 95n, volumeLots: 8n, tradeCount: 3n },
    ]);
    await writer[Symbol.asyncDispose]();
  });

  test('goes on with a candle that an earlier group began', async () => {
    const writer = createTradeWriter({ db, groupDelayMs: 1 });
    await writer.begin(feed);
    await writer.take(follow(1, [traded('A', 100, 5)]));
    await eventually(async () => expect(await readPosition(db, feed)).toBe(1n));
    await writer.take(follow(2, [traded('A', 130, 1)]));
    await writer[Symbol.asyncDispose]();
    expect(await minutesOf('A')).toMatchObject([{ open: 100n, high: 130n, close: 130n, volumeLots: 6n }]);
  });

  test('writes nothing when another writer has moved the position, and begins again where that one stands', async () => {
    const [paused, active] = [createTradeWriter({ db, groupMax: 1 }), createTradeWriter({ db, groupMax: 1 })];
    await paused.begin(feed);
    await active.begin(feed);
    await active.take(follow(1, [traded('A', 100, 5)]));
    await expect(paused.take(follow(1, [traded('A', 100, 5)]))).rejects.toThrow(PositionMovedError);
    expect(await tradesOf('A')).toHaveLength(1);
    expect(await minutesOf('A')).toMatchObject([{ volumeLots: 5n }]);
    expect(await paused.begin(feed)).toBe(1n);
    await paused.take(follow(1, [traded('A', 100, 5), traded('A', 101, 1)]));
    expect(await tradesOf('A')).toHaveLength(2);
    await Promise.all([paused[Symbol.asyncDispose](), active[Symbol.asyncDispose]()]);
  });

  test('moves the position on a feed without trades only now and then', async () => {
    const writer = createTradeWriter({ db, groupDelayMs: 1, idlePositionMs: 150 });
    await writer.begin(feed);
    await writer.take(follow(1, [level('A', 1, 100, 1)]));
    await pause(50);
    expect(await readPosition(db, feed)).toBe(0n);
    await eventually(async () => expect(await readPosition(db, feed)).toBe(1n));
    await writer[Symbol.asyncDispose]();
  });

  test('refuses a gap', async () => {
    const writer = createTradeWriter({ db });
    await writer.begin(feed);
    await expect(writer.take(follow(2, [traded('A', 100, 5)]))).rejects.toThrow('gap');
    await writer[Symbol.asyncDispose]();
  });
});
