import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { IndicatorRowSchema } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { timestampOf } from '../../figures/time-text.ts';
import { rowAt, rowsFrom, rowsWith, type ValueRow } from './indicator-rows.ts';

const row = (time: number, value: string): ValueRow => ({ time, values: [value] });

describe('rowsFrom', () => {
  it('turns the order round', () => {
    const rows = [120, 60].map((time) =>
      create(IndicatorRowSchema, { startTime: timestampOf(time * 1_000), values: [String(time)] }),
    );
    expect(rowsFrom(rows)).toEqual([row(60, '60'), row(120, '120')]);
  });
});

describe('rowsWith', () => {
  const known = [row(60, 'a'), row(120, 'b'), row(180, 'c')];

  it('changes the last row, and adds new ones', () => {
    expect(rowsWith(known, [row(180, 'd'), row(240, 'e')])).toEqual([
      ...known.slice(0, 2),
      row(180, 'd'),
      row(240, 'e'),
    ]);
    expect(rowsWith([], known)).toEqual(known);
    expect(rowsWith(known, [])).toBe(known);
  });

  it('changes a row that is not the last, and takes in one that was missing', () => {
    expect(rowsWith(known, [row(120, 'x')])).toEqual([row(60, 'a'), row(120, 'x'), row(180, 'c')]);
    expect(rowsWith(known, [row(150, 'y')]).map(({ time }) => time)).toEqual([60, 120, 150, 180]);
  });

  it('holds a bounded number', () => {
    let rows: readonly ValueRow[] = [];
    for (let time = 0; time < 2_000; time += 1) rows = rowsWith(rows, [row(time, '')]);
    expect(rows.length).toBeLessThanOrEqual(700);
    expect(rowAt(rows, 1_999)).toBe(rows.at(-1));
    expect(rowAt(rows, 0)).toBe(undefined);
  });
});
