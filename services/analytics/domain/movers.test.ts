import { describe, expect, it } from 'vitest';
import { type Performance, rank } from './movers.ts';

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
