import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteChanges, type RestingQuote, wantedQuotes } from './quotes.ts';

describe('wantedQuotes', () => {
  it('quotes both sides around the fair price, best first', () => {
    const quotes = wantedQuotes({ fairTicks: 10_000, levels: 2, lots: 10, excessLots: 0 });
    expect(quotes).toEqual([
      { side: 'buy', priceTicks: 9_995, lots: 10 },
      { side: 'sell', priceTicks: 10_005, lots: 10 },
      { side: 'buy', priceTicks: 9_991, lots: 10 },
      { side: 'sell', priceTicks: 10_009, lots: 10 },
    ]);
  });

  it('quotes lower with too many shares and higher with too few', () => {
    const best = (excessLots: number) =>
      wantedQuotes({ fairTicks: 10_000, levels: 1, lots: 10, excessLots })[0]?.priceTicks;
    expect(best(80)).toBeLessThan(best(0) ?? 0);
    expect(best(-80)).toBeGreaterThan(best(0) ?? 0);
  });

  it('never crosses itself and never asks for a price below one tick', () => {
    const range = { fairTicks: fc.integer({ min: 1, max: 1e6 }), excessLots: fc.integer({ min: -1e4, max: 1e4 }) };
    fc.assert(
      fc.property(fc.record(range), ({ fairTicks, excessLots }) => {
        const quotes = wantedQuotes({ fairTicks, excessLots, levels: 3, lots: 10 });
        const bids = quotes.filter(({ side }) => side === 'buy').map(({ priceTicks }) => priceTicks);
        const asks = quotes.filter(({ side }) => side === 'sell').map(({ priceTicks }) => priceTicks);
        expect(Math.max(...bids, 0)).toBeLessThan(Math.min(...asks, Number.POSITIVE_INFINITY));
        expect(Math.min(...bids, ...asks, 1)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});

describe('quoteChanges', () => {
  const resting = (orderId: string, side: 'buy' | 'sell', priceTicks: number): RestingQuote => {
    return { orderId, side, priceTicks, lots: 10 };
  };

  it('leaves near quotes alone, cancels far ones first, then places what is missing', () => {
    const near = resting('near', 'buy', 99);
    const far = resting('far', 'sell', 140);
    const wanted = [
      { side: 'buy' as const, priceTicks: 100, lots: 10 },
      { side: 'sell' as const, priceTicks: 110, lots: 10 },
    ];
    expect(quoteChanges([near, far], wanted, 1)).toEqual([{ cancel: far }, { place: wanted[1] }]);
  });

  it('changes nothing when what rests is what is wanted', () => {
    const quote = resting('a', 'sell', 110);
    expect(quoteChanges([quote], [{ side: 'sell', priceTicks: 110, lots: 10 }], 0)).toEqual([]);
  });
});
