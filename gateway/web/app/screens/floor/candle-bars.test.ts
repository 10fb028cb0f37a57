import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { TradeSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { timestampOf } from '../../figures/time-text.ts';
import { type Bar, barsAdded, barsRead, barsWith, barWith } from './candle-bars.ts';

const trade = (seconds: number, price: string) =>
  create(TradeSchema, { price, quantity: '2', time: timestampOf(seconds * 1_000) });
const bar = (time: number, close: number): Bar => ({ time, open: close, high: close, low: close, close, volume: 1 });

describe('barWith', () => {
  it('grows the last bar, and begins the next', () => {
    const grown = barWith(bar(60, 180), trade(90, '181.5'), 60);
    expect(grown).toEqual({ time: 60, open: 180, high: 181.5, low: 180, close: 181.5, volume: 3 });
    expect(barWith(grown, trade(120, '179'), 60)).toMatchObject({ time: 120, open: 179, volume: 2 });
  });

  it('leaves out a trade before the last bar', () => {
    expect(barWith(bar(120, 180), trade(90, '1'), 60)).toBe(undefined);
  });
});

describe('barsWith', () => {
  it('adds a bar, or takes its newer form', () => {
    expect(barsWith([bar(0, 1), bar(60, 2)], bar(60, 3))).toEqual([bar(0, 1), bar(60, 3)]);
    expect(barsWith([bar(0, 1)], bar(60, 3))).toEqual([bar(0, 1), bar(60, 3)]);
  });

  it('holds a bounded number however long it goes on, the newest', () => {
    let bars: readonly Bar[] = [];
    let most = 0;
    for (let time = 0; time < 5_000; time += 1) {
      bars = barsWith(bars, bar(time, 1));
      most = Math.max(most, bars.length);
    }
    expect(most).toBe(barsRead + barsAdded);
    expect(bars.length).toBeGreaterThanOrEqual(barsRead);
    expect(bars.at(-1)?.time).toBe(4_999);
    expect(bars[0]?.time).toBe(5_000 - bars.length);
  });
});
