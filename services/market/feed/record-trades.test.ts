import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FollowResponse } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { consumerLease } from '#platform/feed/consume-feed.ts';
import { FeedApplier } from '#platform/feed/feed-applier.ts';
import { PositionMovedError, readPosition } from '#platform/feed/position.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { recordedFeed } from '../store/read-history.ts';
import { follow, level, traded } from '../testing/events.ts';
import { candlesOfLength, tradesOf } from '../testing/stored-rows.ts';
import { tradeGroups, writeTrades } from './record-trades.ts';

const feed = recordedFeed(0);
let db: OpenTestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
  await migrate(db, new URL('../store/migrations/', import.meta.url));
});
beforeEach(async () => {
  await db.query('TRUNCATE trade, candle, platform.feed_position, platform.lease');
  await db.query('INSERT INTO platform.lease VALUES ($1, $2, 1, now())', [consumerLease(feed), 'test']);
});
afterAll(() => db?.[Symbol.asyncDispose]());

const minutesOf = (symbol: string) => candlesOfLength(db, symbol, '1m');

/** Records as the holder of the lease would; `take` gets messages of the exchange. */
async function startRecording(group: Partial<typeof tradeGroups> = {}) {
  const options = { db, feed, apply: writeTrades, group: { ...tradeGroups, ...group } };
  const applier = new FeedApplier(options, { leaseName: consumerLease(feed), token: 1n });
  await applier.begin();
  const take = ({ events, epoch, headSequence, fingerprint }: FollowResponse) =>
    applier.take({ entries: events, epoch, headSequence, fingerprint });
  return { take, begin: () => applier.begin(), [Symbol.asyncDispose]: () => applier[Symbol.asyncDispose]() };
}

describe('recordTrades', () => {
  it('writes trades, candles and the position together, in groups', async () => {
    await using recording = await startRecording({ delayMs: 20 });
    await recording.take(follow(1, [traded('A', 100, 5), traded('A', 90, 1), traded('B', 7, 1)]));
    await recording.take(follow(4, [traded('A', 95, 2), traded('A', 120, 1, 120_000)]));
    await eventually(async () => expect(await readPosition(db, feed)).toBe(5n));
    expect((await tradesOf(db, 'A')).map(({ priceTicks }) => priceTicks)).toEqual([120n, 95n, 90n, 100n]);
    expect(await minutesOf('A')).toMatchObject([
      { startMs: 120_000, open: 120n, volumeLots: 1n },
      { startMs: 60_000, open: 100n, high: 100n, low: 90n, close: 95n, volumeLots: 8n, tradeCount: 3n },
    ]);
  });

  it('goes on with a candle that an earlier group began', async () => {
    const recording = await startRecording({ delayMs: 1 });
    await recording.take(follow(1, [traded('A', 100, 5)]));
    await eventually(async () => expect(await readPosition(db, feed)).toBe(1n));
    await recording.take(follow(2, [traded('A', 130, 1)]));
    await recording[Symbol.asyncDispose]();
    expect(await minutesOf('A')).toMatchObject([{ open: 100n, high: 130n, close: 130n, volumeLots: 6n }]);
  });

  it('writes nothing when another process has moved the position, and goes on where that one stands', async () => {
    await using paused = await startRecording({ entriesMax: 1 });
    await using active = await startRecording({ entriesMax: 1 });
    await active.take(follow(1, [traded('A', 100, 5)]));
    await expect(paused.take(follow(1, [traded('A', 100, 5)]))).rejects.toThrow(PositionMovedError);
    expect(await tradesOf(db, 'A')).toHaveLength(1);
    expect(await minutesOf('A')).toMatchObject([{ volumeLots: 5n }]);
    expect(await paused.begin()).toMatchObject({ afterSequence: 1n });
    await paused.take(follow(2, [traded('A', 101, 1)]));
    expect(await tradesOf(db, 'A')).toHaveLength(2);
  });

  it('moves the position on a feed without trades only now and then', async () => {
    await using recording = await startRecording({ delayMs: 1, idleDelayMs: 1_500 });
    await recording.take(follow(1, [level('A', 1, 100, 1)]));
    expect(await readPosition(db, feed)).toBe(0n);
    await eventually(async () => expect(await readPosition(db, feed)).toBe(1n));
  });
});

describe('the migration of feed positions', () => {
  it('goes on with the newest position of each shard under its new name', async () => {
    await db.query(`INSERT INTO platform.feed_position (name, sequence, update_time) VALUES
      ('exchange/0/old', 900, '2026-01-01'), ('exchange/0/new', 12, '2026-02-01'), ('exchange/3/only', 5, '2026-01-01')`);
    const sql = await readFile(new URL('../store/migrations/0003-feed-positions.sql', import.meta.url), 'utf8');
    await db.query(sql);
    const { rows } = await db.query('SELECT name, sequence, epoch FROM platform.feed_position ORDER BY name');
    expect(rows).toEqual([
      { name: 'exchange.0', sequence: 12n, epoch: 'new' },
      { name: 'exchange.3', sequence: 5n, epoch: 'only' },
    ]);
  });
});
