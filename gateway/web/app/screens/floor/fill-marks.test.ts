import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { fillMarks } from './fill-marks.ts';

const fill = (second: number, side: Side, quantity: string) => ({
  time: timestampFromMs(second * 1_000),
  side,
  quantity,
});

describe('fillMarks', () => {
  it('adds up the parts that were bought in a candle, and those that were sold, oldest first', () => {
    const newestFirst = [
      fill(130, Side.BUY, '1'),
      fill(70, Side.SELL, '2'),
      fill(65, Side.BUY, '0.4268'),
      fill(61, Side.BUY, '9.5732'),
    ];
    expect(fillMarks(newestFirst, 60)).toEqual([
      { time: 60, isBuy: true, text: '10' },
      { time: 60, isBuy: false, text: '2' },
      { time: 120, isBuy: true, text: '1' },
    ]);
  });
});
