import { describe, expect, it } from 'vitest';
import { findKnee } from './find-knee.ts';

const search = { first: 100, max: 100_000, precision: 0.1, triesMax: 20 };

/** A system that holds up to a rate, and the rates that were tried. */
function systemOf(limit: number) {
  const tried: number[] = [];
  const holds = async (rate: number) => {
    tried.push(rate);
    return rate <= limit;
  };
  return { tried, holds };
}

describe('findKnee', () => {
  it.each([130, 990, 1_000, 31_999])('finds a knee at %i to a tenth', async (limit) => {
    const { holds } = systemOf(limit);
    const { held, broken = 0 } = await findKnee(search, holds);
    expect(held).toBeLessThanOrEqual(limit);
    expect(broken).toBeGreaterThan(limit);
    expect(broken - held).toBeLessThanOrEqual(0.1 * held + 1);
  });

  it('finds one below the first rate, down to none at all', async () => {
    expect((await findKnee(search, systemOf(20).holds)).held).toBeGreaterThan(17);
    expect(await findKnee(search, systemOf(0).holds)).toEqual({ held: 0, broken: 1 });
  });

  it('ends at the greatest rate, and after so many tries', async () => {
    expect(await findKnee({ ...search, max: 150 }, systemOf(1_000).holds)).toEqual({ held: 150 });
    const { tried, holds } = systemOf(50_000);
    await findKnee({ ...search, precision: 0, triesMax: 7 }, holds);
    expect(tried).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400]);
  });
});
