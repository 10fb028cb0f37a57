import { describe, expect, it } from 'vitest';
import { isGrowing } from './is-growing.ts';

describe('isGrowing', () => {
  it('goes on while there is too little to compare, and while rates grow', () => {
    expect(isGrowing([])).toBe(true);
    expect(isGrowing([100, 90, 80, 70, 60])).toBe(true);
    expect(isGrowing([100, 200, 300, 400, 500, 600])).toBe(true);
  });

  it('stops when the last rates are no better than those before, whatever one of them does', () => {
    expect(isGrowing([100, 300, 310, 305, 312, 308])).toBe(false);
    expect(isGrowing([300, 310, 305, 100, 312, 308])).toBe(false);
    expect(isGrowing([300, 310, 305, 100, 400, 308])).toBe(true);
  });
});
