import { describe, expect, it } from 'vitest';
import { type Performance, rank, rankAfter } from './movers.ts';

function of(symbol: string, reference: bigint | undefined, last: bigint | undefined, volume = 0n): Performance {
  return { symbol, reference, last, volume };
}

function symbolsOf(performances: Performance[]): string[] {
  return performances.map(({ symbol }) => symbol);
}

const market = [
  of('UP10', 100n, 110n, 5n),
  of('UP50', 10n, 15n, 1n),
  of('FLAT', 100n, 100n, 90n),
  of('DOWN5', 100n, 95n, 7n),
  of('DOWN1', 1_000n, 990n, 7n),
  of('NEW', undefined, undefined),
];

describe('rank', () => {
  it('puts the greatest gain first and leaves out what did not gain', () => {
    expect(symbolsOf(rank(market, 'gainers', 10))).toEqual(['UP50', 'UP10']);
  });

  it('puts the greatest loss first and leaves out what did not lose', () => {
    expect(symbolsOf(rank(market, 'losers', 10))).toEqual(['DOWN5', 'DOWN1']);
  });

  it('puts the greatest volume first, equals by symbol, and leaves out what did not trade', () => {
    expect(symbolsOf(rank(market, 'most_active', 10))).toEqual(['FLAT', 'DOWN1', 'DOWN5', 'UP10', 'UP50']);
  });

  it('keeps to the count', () => {
    expect(symbolsOf(rank(market, 'most_active', 2))).toEqual(['FLAT', 'DOWN1']);
  });

  it('tells changes apart that round to the same percent', () => {
    const close = [of('A', 3_000_000n, 3_000_001n), of('B', 2_999_999n, 3_000_000n)];
    expect(symbolsOf(rank(close, 'gainers', 2))).toEqual(['B', 'A']);
  });
});

describe('rankAfter, of which the pages of ListMovers are made', () => {
  it('has each of which the figures stay on one page, whatever places the others take meanwhile', () => {
    const others = ['A', 'B', 'C', 'D', 'E', 'F'].map((symbol, index) => of(symbol, 100n, 110n + BigInt(index), 5n));
    const pages: string[][] = [];
    let performances = [...others, of('LEAPS', 100n, 101n, 1n), of('FALLS', 100n, 190n, 90n)];
    for (let after: Performance | undefined; ; ) {
      const { found, before } = rankAfter(performances, 'gainers', after, 3);
      const page = found.slice(0, 2);
      pages.push(symbolsOf(page));
      expect(before).toBe(performances.length - rankAfter(performances, 'gainers', after, 100).found.length);
      if (found.length <= 2) break;
      after = page.at(-1);
      // One leaps to the top and another falls to the end, over and over.
      const turn = pages.length % 2 === 0;
      performances = [...others, of('LEAPS', 100n, turn ? 101n : 999n), of('FALLS', 100n, turn ? 190n : 102n)];
    }
    const seen = pages.flat();
    for (const { symbol } of others) expect(seen.filter((one) => one === symbol)).toEqual([symbol]);
  });

  it('has a place for figures that nothing has any more', () => {
    expect(symbolsOf(rankAfter(market, 'most_active', of('GONE', 1n, 1n, 6n), 2).found)).toEqual(['UP10', 'UP50']);
    expect(rankAfter(market, 'most_active', of('GONE', 1n, 1n, 6n), 2).before).toBe(3);
  });
});
