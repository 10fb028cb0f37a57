import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { type Candle, candlesOf, mergeCandles } from '../domain/candle.ts';
import { readCandles } from './read-candles.ts';
import { readCombinedCandles } from './read-combined-candles.ts';
import { saveTrades } from './save-trades.ts';

const mondayMs = Date.UTC(2025, 2, 10);
const minuteMs = 60_000;
const symbols = ['NOVA', 'ACME'];
const ever = { fromMs: Date.UTC(1970, 0, 5), untilMs: Date.UTC(9999, 0, 4) };
let db: OpenTestDatabase;

// Trades of two symbols over some hours, with gaps.
beforeAll(async () => {
  db = await openTestDatabase();
  await migrate(db, new URL('./migrations/', import.meta.url));
  const trades = Array.from({ length: 600 }, (_, index) => ({
    symbol: symbols[index % 3 === 0 ? 0 : 1] ?? '',
    sequence: BigInt(index + 1),
    timeMs: mondayMs + index * 47_000 + (index > 300 ? 20 * minuteMs : 0),
    tradeId: `0-${index}`,
    takerSide: Side.BUY,
    priceTicks: BigInt(100 + ((index * 7) % 13)),
    quantityLots: BigInt(1 + (index % 5)),
  }));
  await saveTrades(db, trades, candlesOf(trades));
});
afterAll(() => db?.[Symbol.asyncDispose]());

/** The candles by merging stored ones that come oldest first, as the definition says. */
function combined(stored: readonly Candle[], multiple: number): Candle[] {
  const spans = new Map<string, Candle>();
  for (const candle of stored) {
    const startMs = candle.startMs - ((candle.startMs - ever.fromMs) % (multiple * minuteMs));
    const key = `${candle.symbol} ${startMs}`;
    const earlier = spans.get(key);
    spans.set(key, earlier === undefined ? { ...candle, startMs } : mergeCandles(earlier, candle));
  }
  return [...spans.values()];
}

describe('readCombinedCandles', () => {
  it.each([1, 2, 7, 15, 59])('has what %d stored candles have together, in either order', async (multiple) => {
    const query = { symbols, interval: '1m' as const, ...ever, limit: 2_000, oldestFirst: true };
    const expected = combined(await readCandles(db, query), multiple);
    expect(expected.length).toBeGreaterThan(8);
    expect(await readCombinedCandles(db, { ...query, multiple })).toEqual(expected);
    const newestFirst = await readCombinedCandles(db, { ...query, multiple, oldestFirst: false });
    const bySymbol = symbols.flatMap((symbol) => expected.filter((one) => one.symbol === symbol).toReversed());
    expect(newestFirst).toEqual(bySymbol);
    for (const limit of [1, 3, 8]) {
      const page = await readCombinedCandles(db, { ...query, multiple, limit: limit + 1 });
      // The last may be a part: it only shows that there are more.
      expect(page.slice(0, limit)).toEqual(expected.slice(0, limit));
      expect(page).toHaveLength(limit + 1);
    }
  });
});
