import { describe, expect, it } from 'vitest';
import { changeBps } from './change.ts';

describe('changeBps', () => {
  it('tells gains and losses in hundredths of a percent', () => {
    expect(changeBps(110n, 100n)).toBe(1_000n);
    expect(changeBps(95n, 100n)).toBe(-500n);
    expect(changeBps(100n, 100n)).toBe(0n);
  });

  it('rounds a tie to the even neighbour, on both sides of zero', () => {
    expect(changeBps(20_001n, 20_000n)).toBe(0n);
    expect(changeBps(20_003n, 20_000n)).toBe(2n);
    expect(changeBps(19_997n, 20_000n)).toBe(-2n);
  });
});
