import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { DepthLevelSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { estimate } from './estimate.ts';

const million = 1_000_000n;
const level = (price: string, quantity: string) => create(DepthLevelSchema, { price, quantity });
const asks = [level('100', '10'), level('102', '10'), level('106', '10')];

describe('estimate', () => {
  it('has average, worst price and impact of a market buy', () => {
    const result = estimate(asks, 20n * million, undefined, true);
    expect(result).toEqual({
      filled: 20n * million,
      average: 101n * million,
      worst: 102n * million,
      impactBps: 200,
      isPart: false,
    });
  });

  it('stops at the limit, and says that it fills a part', () => {
    const result = estimate(asks, 20n * million, 101n * million, true);
    expect(result).toMatchObject({ filled: 10n * million, worst: 100n * million, isPart: true });
  });

  it('has nothing where nothing would trade', () => {
    expect(estimate([], million, undefined, false)).toMatchObject({
      filled: 0n,
      average: undefined,
      worst: undefined,
      impactBps: 0,
    });
    expect(estimate(asks, million, 99n * million, true).average).toBe(undefined);
  });
});
