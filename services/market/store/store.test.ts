import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Side, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { advancePosition } from '#platform/feed/position.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { candlesOf } from '../domain/candle.ts';
import { checkTerms } from '../domain/instrument.ts';
import { candlesOfLength, tradesOf } from '../testing/stored-rows.ts';
import { candleRetentionMs, deleteBatchMax, deleteExpired, tradeRetentionMs } from './delete-expired.ts';
import { readHistory, recordedFeed } from './read-history.ts';
import { readInstruments } from './read-instruments.ts';
import { readTradesSince } from './read-trades-since.ts';
import { saveStateCommand } from './save-state-command.ts';
import { type StoredTrade, saveTrades } from './save-trades.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const nowMs = Date.UTC(2025, 2, 10, 12, 0, 30);
const feed = recordedFeed(0);
let db: OpenTestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
  await migrate(db, new URL('./migrations/', import.meta.url));
});
beforeEach(() => db.query('TRUNCATE trade, candle, platform.feed_position'));
afterAll(() => db?.[Symbol.asyncDispose]());

function trade(sequence: number, agoMs: number, price: number, lots: number, symbol = 'ACME'): StoredTrade {
  const amounts = { priceTicks: BigInt(price), quantityLots: BigInt(lots) };
  const timeMs = nowMs - agoMs;
  return { symbol, sequence: BigInt(sequence), timeMs, tradeId: `0-${sequence}`, takerSide: Side.BUY, ...amounts };
}

async function write(...trades: StoredTrade[]): Promise<void> {
  await saveTrades(db, trades, candlesOf(trades));
}

describe('readInstruments', () => {
  it('finds at least twelve first instruments, all of which can be listed', async () => {
    const instruments = await readInstruments(db);
    expect(instruments.length).toBeGreaterThanOrEqual(12);
    for (const terms of instruments) expect(checkTerms(terms)).toEqual([]);
    expect(new Set(instruments.map(({ tickSize }) => tickSize))).toEqual(new Set([10_000n, 50_000n, 1_000_000n]));
    // Two trade in whole shares, all others in ten-thousandths.
    const whole = instruments.filter(({ lotSize }) => lotSize === 1_000_000n).map(({ symbol }) => symbol);
    expect(whole.sort()).toEqual(['GALE', 'NOVA']);
    expect(instruments.filter(({ lotSize }) => lotSize === 100n)).toHaveLength(instruments.length - 2);
  });
});

describe('readHistory', () => {
  const read = () => readHistory(db, { shard: 0, epoch: '', symbols: ['ACME', 'BOLT'], nowMs });

  it('compares with the price 24 hours ago and counts the volume since', async () => {
    await write(trade(1, 30 * hourMs, 90, 7), trade(2, 25 * hourMs, 100, 50), trade(3, 20 * hourMs, 120, 3));
    await write(trade(4, hourMs, 110, 2));
    await db.transaction((tx) => advancePosition(tx, feed, 0n, 4n));
    const { throughSequence, symbols } = await read();
    expect(throughSequence).toBe(4n);
    expect(symbols[0]).toMatchObject({ symbol: 'ACME', referenceTicks: 100n, volumeLots: 5n });
    const last = { tradeId: '0-4', takerSide: Side.BUY, priceTicks: 110n, quantityLots: 2n, timeMs: nowMs - hourMs };
    expect(symbols[0]?.lastTrade).toEqual(last);
    expect(symbols[0]?.candles.find(({ interval }) => interval === '1d')).toMatchObject({ close: 110n });
    expect(symbols[0]?.previousDay).toMatchObject({ interval: '1d', open: 90n, close: 120n });
  });

  it('compares with the first price since when there is none so old, and with nothing without a trade', async () => {
    await write(trade(1, 20 * hourMs, 120, 3), trade(2, hourMs, 110, 2));
    const { throughSequence, symbols } = await read();
    expect(throughSequence).toBe(0n);
    expect(symbols[0]).toMatchObject({ referenceTicks: 120n, volumeLots: 5n });
    expect(symbols[1]).toEqual({ symbol: 'BOLT', volumeLots: 0n, candles: [] });
  });
});

describe('saveTrades', () => {
  const read = async () => (await candlesOfLength(db, 'ACME', '1m'))[0];

  it('sums what an average price is made of, and says which lots the sum lacks after a release that did not', async () => {
    await write(trade(1, 3, 100, 3));
    await write(trade(2, 2, 110, 1));
    expect(await read()).toMatchObject({ volumeLots: 4n, turnover: 410n, pricedLots: 4n });
    await db.query("UPDATE candle SET volume_lots = volume_lots + 2 WHERE symbol = 'ACME'");
    await write(trade(3, 1, 120, 1));
    expect(await read()).toMatchObject({ volumeLots: 7n, turnover: 530n, pricedLots: 5n });
    await db.query('UPDATE candle SET turnover = NULL, priced_lots = NULL');
    expect(await read()).toMatchObject({ turnover: 0n, pricedLots: 0n });
    await write(trade(4, 0, 120, 1));
    expect(await read()).toMatchObject({ volumeLots: 8n, turnover: 120n, pricedLots: 1n });
  });

  it('sums beyond 64 bits', async () => {
    const grid = 2 ** 31 - 1;
    for (let sequence = 1; sequence < 5; sequence += 1) await write(trade(sequence, 0, grid, grid));
    expect(await read()).toMatchObject({ turnover: 4n * BigInt(grid) ** 2n });
  });
});

describe('readTradesSince', () => {
  it('has the newest trades of the symbol after a sequence, and none of an earlier epoch', async () => {
    for (const sequence of [900, 950, 3, 5, 9]) await write(trade(sequence, 0, 100, 1));
    await write(trade(10, 0, 100, 1, 'BOLT'));
    const read = async (afterSequence: bigint, limit: number) =>
      (await readTradesSince(db, { symbol: 'ACME', afterSequence, limit })).map(({ sequence }) => sequence);
    expect(await read(3n, 100)).toEqual([5n, 9n]);
    expect(await read(0n, 100)).toEqual([3n, 5n, 9n]);
    expect(await read(0n, 2)).toEqual([5n, 9n]);
    expect(await read(9n, 100)).toEqual([]);
  });
});

describe('deleteExpired', () => {
  it('deletes what is past its time and nothing else, in bounded batches', async () => {
    const many = Array.from({ length: deleteBatchMax + 10 }, (_, i) =>
      trade(i + 1, tradeRetentionMs + 1_000 + i, 1, 1),
    );
    await saveTrades(db, many, []);
    await write(trade(90_001, tradeRetentionMs - dayMs, 2, 1), trade(90_002, 0, 3, 1));
    expect(await deleteExpired(db, nowMs)).toBeLessThanOrEqual(2 * deleteBatchMax);
    while ((await deleteExpired(db, nowMs)) > 0);
    const trades = await tradesOf(db, 'ACME');
    expect(trades.map(({ sequence }) => sequence)).toEqual([90_002n, 90_001n]);
    const seconds = await candlesOfLength(db, 'ACME', '1s');
    expect(seconds).toHaveLength(1);
    const minutes = await candlesOfLength(db, 'ACME', '1m');
    expect(minutes).toHaveLength(2);
    expect(candleRetentionMs['1s']).toBe(dayMs);
  });
});

describe('saveStateCommand', () => {
  it('answers what the key stood for first, also to many at once', async () => {
    const asked = Array.from({ length: 20 }, (_, i) => ({
      ...{ key: 'k', symbol: i % 2 ? 'ACME' : 'BOLT', state: TradingState.HALTED, auctionMs: i },
    }));
    const answers = await Promise.all(asked.map((command) => saveStateCommand(db, command)));
    expect(new Set(answers.map(({ stored }) => `${stored.symbol} ${stored.auctionMs}`)).size).toBe(1);
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
  });
});
