import { describe, expect, it } from 'vitest';
import { greatestWithin } from './greatest-within.ts';

const micros = (amount: number) => BigInt(Math.round(amount * 1e6));
const lot = micros(1);

/** What shares hold at a worst price, with a fee rounded up to the cent and what both exits may round besides. */
const holdAt = (price: number) => async (quantity: bigint) => {
  const value = (quantity * micros(price)) / 1_000_000n;
  return value + ((value / 1_000n + 9_999n) / 10_000n) * 10_000n + micros(0.02);
};

describe('greatestWithin', () => {
  it('finds what the cash holds at the worst price, from an estimate at a better one', async () => {
    for (const [price, cash] of [
      [102.5, 5_000],
      [11.11, 33.36],
      [3.07, 99_999.99],
    ] as const) {
      const holdOf = holdAt(price);
      const found = await greatestWithin({ start: micros(cash / 2), lot, cash: micros(cash), holdOf });
      expect(await holdOf(found)).toBeLessThanOrEqual(micros(cash));
      expect(await holdOf(found + 2n * lot)).toBeGreaterThan(micros(cash));
    }
  });

  it('keeps a start that fits, as that of a sale that holds no cash', async () => {
    expect(await greatestWithin({ start: micros(7.5), lot, cash: 0n, holdOf: async () => 0n })).toBe(micros(7));
  });

  it('is none where the cash holds no lot, and the start where the hold is not known', async () => {
    expect(await greatestWithin({ start: micros(9), lot, cash: micros(50), holdOf: holdAt(100) })).toBe(0n);
    expect(await greatestWithin({ start: micros(9), lot, cash: 0n, holdOf: async () => undefined })).toBe(micros(9));
  });
});
