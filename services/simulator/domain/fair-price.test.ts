import { describe, expect, it } from 'vitest';
import { startFairPrice, stepFairPrice } from './fair-price.ts';
import { createRandom, seedFor } from './random.ts';

describe('stepFairPrice', () => {
  it('walks the same way for the same seed and another way for another', () => {
    const walk = (seed: number) => {
      const random = createRandom(seed);
      let price = startFairPrice(10_000, 10_000);
      for (let step = 0; step < 100; step++) price = stepFairPrice(price, random);
      return price.ticks;
    };
    expect(walk(1)).toBe(walk(1));
    expect(walk(1)).not.toBe(walk(2));
  });

  it('moves, and stays within its reach over a day of steps', () => {
    const random = createRandom(7);
    let price = startFairPrice(10_000, 10_000);
    let [low, high] = [price.ticks, price.ticks];
    for (let step = 0; step < 4 * 86_400; step++) {
      price = stepFairPrice(price, random);
      low = Math.min(low, price.ticks);
      high = Math.max(high, price.ticks);
    }
    expect(low).toBeGreaterThan(8_400);
    expect(high).toBeLessThan(11_600);
    expect(high - low).toBeGreaterThan(100);
  });

  it('never falls below one tick', () => {
    const random = createRandom(3);
    let price = startFairPrice(1, 1);
    for (let step = 0; step < 1_000; step++) {
      price = stepFairPrice(price, random);
      expect(price.ticks).toBeGreaterThanOrEqual(1);
    }
  });
});

describe('seedFor', () => {
  it('gives each name its own seed', () => {
    expect(seedFor(1, 'ACME')).toBe(seedFor(1, 'ACME'));
    expect(seedFor(1, 'ACME')).not.toBe(seedFor(1, 'BOLT'));
  });
});
