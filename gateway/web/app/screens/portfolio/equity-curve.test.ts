import { describe, expect, it } from 'vitest';
import { type EquityFacts, equityCurve, evenTimes } from './equity-curve.ts';

// 100 came in at 10; 2 ACME were bought at 30 each at time 20; a share is worth 35 from 40 on.
const facts: EquityFacts = {
  currency: 'USD',
  balances: new Map([
    ['USD', '40'],
    ['ACME', '2'],
  ]),
  movements: [
    { timeMs: 20, asset: 'ACME', amount: '2' },
    { timeMs: 20, asset: 'USD', amount: '-60' },
    { timeMs: 10, asset: 'USD', amount: '100' },
  ],
  prices: [
    { symbol: 'ACME', timeMs: 40, price: '35' },
    { symbol: 'ACME', timeMs: 15, price: '30' },
  ],
  times: [5, 10, 19, 20, 39, 40],
};

describe('equityCurve', () => {
  it('begins with the first money, undoes each movement before its time, and values shares at the last price until then', () => {
    expect(equityCurve(facts).map(({ equity }) => equity)).toEqual(['100.00', '100.00', '100.00', '100.00', '110.00']);
  });

  it('leaves out times at which what was owned had no price', () => {
    const early = { ...facts, prices: facts.prices.slice(0, 1) };
    expect(equityCurve(early).map(({ timeMs }) => timeMs)).toEqual([10, 19, 40]);
  });
});

describe('evenTimes', () => {
  it('has both ends', () => expect(evenTimes(0, 100, 5)).toEqual([0, 25, 50, 75, 100]));
});
