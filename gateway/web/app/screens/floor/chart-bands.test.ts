import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { AuctionKind, AuctionSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { timestampOf } from '../../figures/time-text.ts';
import { chartBands } from './chart-bands.ts';

const barAt = (time: number) => ({ time, open: 1, high: 1, low: 1, close: 1, volume: 1 });
const bars = [60, 120, 600].map(barAt);
const auction = (kind: AuctionKind, seconds: number) =>
  create(AuctionSchema, { kind, time: timestampOf(seconds * 1_000) });
const open = { kind: 'open', word: 'Open' } as const;

describe('chartBands', () => {
  it('is a band from the bar before a reopening auction to the bar in which it traded', () => {
    const bands = chartBands(bars, [auction(AuctionKind.REOPENING, 605), auction(AuctionKind.CLOSING, 130)], open);
    expect(bands).toEqual([{ from: 120, until: 600, text: 'halt' }]);
  });

  it('goes on from the last bar while the book does not trade, and has none without bars', () => {
    const halted = { kind: 'halted', word: 'HALTED' } as const;
    expect(chartBands(bars, [], halted)).toEqual([{ from: 600, until: undefined, text: 'HALTED' }]);
    expect(chartBands([], [auction(AuctionKind.OPENING, 70)], halted)).toEqual([]);
  });
});
