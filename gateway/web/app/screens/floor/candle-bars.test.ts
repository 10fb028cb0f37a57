import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { TradeSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { timestampOf } from '../../figures/time-text.ts';
import { type Bar, barWith, exponentialAverage, simpleAverage } from './candle-bars.ts';

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

describe('simpleAverage', () => {
  it('begins once there are enough closes', () => {
    expect(simpleAverage([bar(0, 1), bar(1, 2), bar(2, 6)], 2)).toEqual([
      { time: 1, value: 1.5 },
      { time: 2, value: 4 },
    ]);
  });
});

describe('exponentialAverage', () => {
  it('weighs the newest close by 2 / (length + 1)', () => {
    expect(exponentialAverage([bar(0, 1), bar(1, 4)], 2).map(({ value }) => value)).toEqual([1, 3]);
    expect(exponentialAverage([], 2)).toEqual([]);
  });
});
