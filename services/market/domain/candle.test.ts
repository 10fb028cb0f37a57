import { describe, expect, it } from 'vitest';
import { addTrade, type Candle, type CandleTrade, candlesOf, startOf } from './candle.ts';

const minuteMs = 60_000;
const noonMs = Date.UTC(2025, 2, 3, 12);

function trade(sequence: number, timeMs: number, price: number, lots: number, symbol = 'ACME'): CandleTrade {
  return {
    symbol,
    sequence: BigInt(sequence),
    timeMs,
    priceTicks: BigInt(price),
    quantityLots: BigInt(lots),
  };
}

describe('startOf', () => {
  it('finds the start of each length, days in UTC', () => {
    const timeMs = Date.UTC(2025, 2, 3, 14, 37, 12, 345);
    expect(startOf('1s', timeMs)).toBe(Date.UTC(2025, 2, 3, 14, 37, 12));
    expect(startOf('5m', timeMs)).toBe(Date.UTC(2025, 2, 3, 14, 35));
    expect(startOf('1d', timeMs)).toBe(Date.UTC(2025, 2, 3));
  });
});

describe('addTrade', () => {
  it('grows the running candle within its interval', () => {
    let candle: Candle | undefined;
    for (const each of [trade(1, noonMs, 100, 5), trade(2, noonMs + 10, 90, 1), trade(3, noonMs + 20, 95, 2)]) {
      candle = addTrade(candle, '1m', each);
    }
    expect(candle).toMatchObject({ startMs: noonMs, open: 100n, high: 100n, low: 90n, close: 95n });
    expect(candle).toMatchObject({ volumeLots: 8n, tradeCount: 3n, turnover: 780n, pricedLots: 8n, sequence: 3n });
  });

  it('begins a new candle with the first trade of a later interval', () => {
    const first = addTrade(undefined, '1m', trade(1, noonMs, 100, 5));
    const second = addTrade(first, '1m', trade(2, noonMs + minuteMs, 120, 1));
    expect(second).toMatchObject({ startMs: noonMs + minuteMs, open: 120n, low: 120n, volumeLots: 1n });
    expect(first).toMatchObject({ close: 100n, volumeLots: 5n });
  });

  it('is not changed by a trade of an earlier interval', () => {
    const running = addTrade(undefined, '1m', trade(2, noonMs + minuteMs, 120, 1));
    expect(addTrade(running, '1m', trade(3, noonMs, 1, 1))).toBe(running);
  });
});

describe('candlesOf', () => {
  it('makes one part for each symbol, interval and start', () => {
    const parts = candlesOf([trade(1, noonMs, 100, 5), trade(2, noonMs + 2_000, 110, 1), trade(3, noonMs, 7, 2, 'B')]);
    const of = (symbol: string, interval: string) =>
      parts.filter((part) => part.symbol === symbol && part.interval === interval);
    expect(of('ACME', '1s').map(({ open }) => open)).toEqual([100n, 110n]);
    expect(of('ACME', '1m')).toMatchObject([{ open: 100n, close: 110n, volumeLots: 6n, tradeCount: 2n }]);
    expect(of('ACME', '1d')).toHaveLength(1);
    expect(of('B', '1h')).toMatchObject([{ close: 7n, volumeLots: 2n }]);
  });

  it('adds up to the same candle in however many parts the trades come', () => {
    const trades = Array.from({ length: 50 }, (_, i) =>
      trade(i + 1, noonMs + i * 100, 100 + ((i * 7) % 13), 1 + (i % 3)),
    );
    const whole = candlesOf(trades).find(({ interval }) => interval === '1m');
    const running = trades.reduce<Candle | undefined>((candle, each) => addTrade(candle, '1m', each), undefined);
    expect(running).toEqual(whole);
  });
});
