import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { PositionSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { positionValue } from './position-values.ts';

const position = create(PositionSchema, { symbol: 'ACME', quantity: '10.5', cost: '1890.25', lastPrice: '180' });

describe('positionValue', () => {
  it('is exact at the last price', () => {
    expect(positionValue(position, '200.1')).toEqual({ value: '2101.05', gain: '210.8', gainPercent: '11.151964' });
  });

  it('falls back to the price that the server had, and has no figures without any', () => {
    expect(positionValue(position, '').value).toBe('1890');
    expect(positionValue(create(PositionSchema, { quantity: '1', cost: '1' }), '')).toEqual({
      value: undefined,
      gain: undefined,
      gainPercent: undefined,
    });
  });
});
