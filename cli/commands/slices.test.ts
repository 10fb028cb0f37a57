import { toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { RuleTermsSchema } from '#gen/outcry/auto/v1/auto_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Input } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import { readSliceTerms } from './slices.ts';

const termsOf = (options: Record<string, string | boolean>, positionals = ['acme', '500']) =>
  toJson(RuleTermsSchema, readSliceTerms(new Input(positionals, options), 'sell', Side.SELL));

describe('readSliceTerms', () => {
  it('is even, at market and at once unless said otherwise', () => {
    const order = { symbol: 'ACME', side: 'SIDE_SELL', type: 'ORDER_TYPE_MARKET', quantity: '500' };
    expect(termsOf({ over: '90s' })).toEqual({
      name: 'sell 500 ACME in slices',
      once: {},
      slice: { order, algorithm: 'SLICE_ALGORITHM_TWAP', duration: '90s' },
    });
  });

  it('takes each option', () => {
    const options = { over: '6h', start: '2026-03-01T14:30:00Z', vwap: true, orders: '20', limit: '150.00', name: 'x' };
    expect(termsOf({ ...options, 'max-percent': '12.5' })).toMatchObject({
      name: 'x',
      once: { startTime: '2026-03-01T14:30:00Z' },
      slice: {
        order: { type: 'ORDER_TYPE_LIMIT', limitPrice: '150.00' },
        ...{ algorithm: 'SLICE_ALGORITHM_VWAP', duration: '21600s', orderCount: 20, maxPercent: '12.5' },
      },
    });
  });

  it('refuses what is missing or has another form', () => {
    const wrong: Record<string, string>[] = [
      {},
      { over: '1' },
      { over: '1h', orders: '501' },
      { over: '1h', limit: 'x' },
    ];
    for (const options of wrong) {
      expect(() => termsOf(options), JSON.stringify(options)).toThrow(UsageError);
    }
    expect(() => termsOf({ over: '1h' }, ['ACME', '-5'])).toThrow(UsageError);
  });
});
