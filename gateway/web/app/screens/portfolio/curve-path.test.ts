import { describe, expect, it } from 'vitest';
import { curveOf } from './curve-path.ts';

const point = (timeMs: number, equity: string) => ({ timeMs, equity });

describe('curveOf', () => {
  it('fills the box from the lowest to the highest equity', () => {
    const curve = curveOf([point(0, '10'), point(5, '30'), point(10, '20')]);
    expect(curve?.path).toBe('M0.0 200.0L500.0 0.0L1000.0 100.0');
    expect([curve?.low.equity, curve?.high.equity]).toEqual(['10', '30']);
  });

  it('lies in the middle where nothing changes, and is none of a single point', () => {
    expect(curveOf([point(0, '10'), point(10, '10')])?.path).toBe('M0.0 100.0L1000.0 100.0');
    expect(curveOf([point(0, '10')])).toBeUndefined();
  });
});
