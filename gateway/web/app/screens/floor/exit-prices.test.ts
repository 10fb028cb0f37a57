import { describe, expect, it } from 'vitest';
import { type Draft, emptyDraft } from './draft-values.ts';
import { withExitPrices } from './exit-prices.ts';

const bracket: Draft = {
  ...emptyDraft,
  type: 'bracket',
  exitsIn: 'money',
  quantity: '300',
  limitPrice: '180',
  targetPrice: '100',
  stopPrice: '50',
};
const pricesOf = (draft: Draft) => {
  const { targetPrice, stopPrice } = withExitPrices(draft, 10_000n);
  return [targetPrice, stopPrice];
};

describe('withExitPrices', () => {
  it('earns at least, and loses at most, by whole ticks', () => {
    // 100 / 300 and 50 / 300 a share lie between ticks.
    expect(pricesOf(bracket)).toEqual(['180.34', '179.84']);
    expect(pricesOf({ ...bracket, side: 'sell' })).toEqual(['179.66', '180.16']);
  });

  it('changes nothing where exits are prices, or there is nothing to reckon with', () => {
    expect(withExitPrices({ ...bracket, exitsIn: 'price' }, 10_000n).targetPrice).toBe('100');
    expect(pricesOf({ ...bracket, quantity: '' })).toEqual(['100', '50']);
    expect(pricesOf({ ...bracket, stopPrice: 'x' })).toEqual(['180.34', 'x']);
  });
});
