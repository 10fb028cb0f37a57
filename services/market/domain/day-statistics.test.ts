import { describe, expect, it } from 'vitest';
import type { CandleTrade } from './candle.ts';
import { createRecentTrades, dayStatistics, emptyDayBase } from './day-statistics.ts';

function trade(sequence: number, price: number, lots: number): CandleTrade {
  const amounts = { priceTicks: BigInt(price), quantityLots: BigInt(lots) };
  return { symbol: 'ACME', sequence: BigInt(sequence), timeMs: 1_000, ...amounts };
}

function recentOf(...trades: CandleTrade[]) {
  const recent = createRecentTrades(10);
  for (const each of trades) recent.add(each);
  return recent;
}

describe('dayStatistics', () => {
  it('adds what the written candles do not have yet', () => {
    const base = { throughSequence: 5n, referenceTicks: 100n, volumeLots: 40n };
    expect(dayStatistics(base, recentOf(trade(6, 120, 2), trade(9, 121, 3)))).toEqual({
      referenceTicks: 100n,
      volumeLots: 45n,
    });
  });

  it('compares with the first trade when there was none 24 hours ago', () => {
    expect(dayStatistics(emptyDayBase, recentOf(trade(1, 120, 2), trade(2, 90, 1))).referenceTicks).toBe(120n);
    expect(dayStatistics(emptyDayBase, recentOf()).referenceTicks).toBeUndefined();
  });
});

describe('createRecentTrades', () => {
  it('forgets what a new base has', () => {
    const recent = createRecentTrades(10);
    for (const sequence of [3, 5, 8]) recent.add(trade(sequence, 1, 1));
    recent.dropThrough(5n);
    expect(recent.trades.map(({ sequence }) => sequence)).toEqual([8n]);
    expect(recent.volumeLots).toBe(1n);
    recent.dropThrough(8n);
    expect(recent.trades).toEqual([]);
  });

  it('never holds more than its bound, and keeps the newest', () => {
    const recent = createRecentTrades(10);
    for (let i = 1; i <= 1_000; i += 1) {
      recent.add(trade(i, 1, 1));
      expect(recent.trades.length).toBeLessThanOrEqual(10);
    }
    expect(recent.trades.at(-1)?.sequence).toBe(1_000n);
  });
});
