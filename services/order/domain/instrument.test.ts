import { describe, expect, it } from 'vitest';
import { tickLotCents, toLots, toTicks } from './instrument.ts';

const instrument = {
  symbol: 'ACME',
  shard: 0,
  tickMicros: 50_000n,
  lotMicros: 200_000n,
  tickLotCents: 1n,
  bandBps: 0,
  referencePriceTicks: 0n,
};

describe('tickLotCents', () => {
  it('is the exact price of one tick of one lot', () => {
    expect(tickLotCents(10_000n, 1_000_000n)).toBe(1n);
    expect(tickLotCents(50_000n, 200_000n)).toBe(1n);
    expect(tickLotCents(1_000_000n, 100_000_000n)).toBe(10_000n);
  });

  it('refuses terms under which cents would have to be broken', () => {
    expect(() => tickLotCents(10_000n, 100_000n)).toThrow(RangeError);
    expect(() => tickLotCents(0n, 1_000_000n)).toThrow(RangeError);
  });
});

describe('toTicks', () => {
  it('counts ticks, and names price and tick when it cannot', () => {
    expect(toTicks(instrument, 150_000n, 'p')).toBe(3n);
    expect(() => toTicks(instrument, 160_000n, 'p')).toThrow(
      expect.objectContaining({ reason: 'PRICE_NOT_ON_TICK', metadata: { price: '0.16', tick: '0.05' } }),
    );
    expect(() => toTicks(instrument, 2n ** 31n * 50_000n, 'p')).toThrow('out of the range');
  });
});

describe('toLots', () => {
  it('counts lots, and names quantity and lot when it cannot', () => {
    expect(toLots(instrument, 400_000n, 'q')).toBe(2n);
    expect(() => toLots(instrument, 500_000n, 'q')).toThrow(
      expect.objectContaining({ reason: 'QUANTITY_NOT_ON_LOT', metadata: { quantity: '0.5', lot: '0.2' } }),
    );
  });
});
