import { describe, expect, it } from 'vitest';
import { type FairPrice, startFairPrice } from '../domain/fair-price.ts';
import { createRandom } from '../domain/random.ts';
import { createWalk } from './walk.ts';

/** How far the prices of 300 books are apart after one round of moves, in ticks. */
async function spreadAfter(marketSpeed: number): Promise<number> {
  const prices = new Map<string, FairPrice>();
  for (let book = 0; book < 300; book += 1) prices.set(String(book), startFairPrice(10_000, 10_000));
  const walk = createWalk(prices, createRandom(1), () => marketSpeed);
  await walk.act();
  const ticks = [...prices.values()].map((price) => price.ticks);
  return Math.max(...ticks) - Math.min(...ticks);
}

describe('createWalk', () => {
  it('moves further in a round while the market is faster, within a bound, and also while it stands still', async () => {
    const usual = await spreadAfter(1);
    expect(usual).toBeGreaterThan(0);
    expect(await spreadAfter(0)).toBe(usual);
    expect(await spreadAfter(5)).toBeGreaterThan(usual);
    expect(await spreadAfter(1_000)).toBe(await spreadAfter(5));
  });
});
