import { describe, expect, it } from 'vitest';
import { toLots, toTicks } from './instrument.ts';

const instrument = {
  symbol: 'ACME',
  shard: 0,
  tickMicros: 50_000n,
  lotMicros: 200_000n,
  tickLotMicros: 10_000n,
  bandBps: 0,
  referencePriceTicks: 0n,
};

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

  it('refuses more than a book or an account takes, which the ledger could not hold', () => {
    expect(() => toLots(instrument, 2n ** 31n * 200_000n, 'q')).toThrow('out of the range of the book');
    const large = { ...instrument, lotMicros: 1_000_000_000_000n };
    expect(toLots(large, 4_000_000n * large.lotMicros, 'q')).toBe(4_000_000n);
    expect(() => toLots(large, 4_000_001n * large.lotMicros, 'q')).toThrow('more than an account can have');
  });
});
