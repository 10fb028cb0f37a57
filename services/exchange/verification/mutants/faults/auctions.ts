import type { Mutant } from './mutant.ts';

const file = 'matching/auction.ts';

/** Which of the prices of equal volume and imbalance an auction takes. */
export const auctionFaults: readonly Mutant[] = [
  {
    fault: 'an auction does not look for pressure to buy',
    file,
    source: '    if (range.surplusAtHigh > 0) return high;\n',
    replacement: '',
  },
  {
    fault: 'an auction does not look for pressure to sell',
    file,
    source: '    if (range.surplusAtLow < 0) return low;\n',
    replacement: '',
  },
  {
    fault: 'pressure to buy leads to the lowest price',
    file,
    source: 'if (range.surplusAtHigh > 0) return high;',
    replacement: 'if (range.surplusAtHigh > 0) return low;',
  },
  {
    fault: 'pressure to sell leads to the highest price',
    file,
    source: 'if (range.surplusAtLow < 0) return low;',
    replacement: 'if (range.surplusAtLow < 0) return high;',
  },
  {
    fault: 'more bid at some prices is pressure to buy',
    file,
    source: 'if (range.surplusAtHigh > 0)',
    replacement: 'if (range.surplusAtLow > 0)',
  },
  {
    fault: 'more asked at some prices is pressure to sell',
    file,
    source: 'if (range.surplusAtLow < 0)',
    replacement: 'if (range.surplusAtHigh < 0)',
  },
  {
    fault: 'as much bid as asked is pressure',
    file,
    source: 'if (range.surplusAtHigh > 0)',
    replacement: 'if (range.surplusAtHigh >= 0)',
  },
  {
    fault: 'an auction looks at the reference before the pressure',
    file,
    source: '    if (range.surplusAtHigh > 0) return high;',
    replacement:
      '    if (reference >= low && reference <= high) return reference;\n    if (range.surplusAtHigh > 0) return high;',
  },
  {
    fault: 'an auction looks at the pressure before the imbalance',
    file,
    source: '  return a.imbalance < b.imbalance;',
    replacement: '  return a.imbalance < b.imbalance && Math.sign(a.surplusAtLow) !== Math.sign(b.surplusAtLow);',
  },
  {
    fault: 'an auction without a reference takes the lowest price',
    file,
    source: '    if (reference === 0) return Math.floor((low + high) / 2);\n',
    replacement: '',
  },
  {
    fault: 'the middle is rounded up',
    file,
    source: 'Math.floor((low + high) / 2)',
    replacement: 'Math.ceil((low + high) / 2)',
  },
  {
    fault: 'only the first limit and the ticks behind it count as equal',
    file,
    source: '    else if (!isBetter(best, found)) best = { ...best, high, surplusAtHigh: surplus };\n',
    replacement: '',
  },
];
