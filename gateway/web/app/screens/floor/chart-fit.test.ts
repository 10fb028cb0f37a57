import { describe, expect, it } from 'vitest';
import { fittedRange } from './chart-fit.ts';

describe('fittedRange', () => {
  it('has the first of few bars at the left edge, with room for 48', () => {
    expect(fittedRange(1, 600)).toEqual({ from: -0.5, to: 47.5 });
    expect(fittedRange(40, 600)).toEqual({ from: -0.5, to: 47.5 });
  });

  it('has all bars, and room for the next, while each has 6 pixels', () => {
    expect(fittedRange(80, 600)).toEqual({ from: -0.5, to: 85.5 });
  });

  it('has the last of many bars', () => {
    expect(fittedRange(1_000, 600)).toEqual({ from: 905.5, to: 1_005.5 });
  });

  it('has the last 48 slots in a chart that is narrow', () => {
    expect(fittedRange(100, 200)).toEqual({ from: 57.5, to: 105.5 });
  });
});
