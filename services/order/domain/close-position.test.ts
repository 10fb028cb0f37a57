import { describe, expect, it } from 'vitest';
import { closeFingerprint, closeQuantity } from './close-position.ts';
import type { Instrument } from './instrument.ts';

const instrument: Instrument = {
  symbol: 'ACME',
  shard: 0,
  tickMicros: 10_000n,
  lotMicros: 100n,
  tickLotMicros: 1n,
  bandBps: 0,
  referencePriceTicks: 1n,
};
const holding = (availableMicros: bigint) => ({ availableMicros, heldMicros: 7n });

describe('closeQuantity', () => {
  it('is the part of what is available, rounded down to whole lots', () => {
    expect(closeQuantity(instrument, 1_000_000n, holding(12_345n))).toEqual({ micros: 12_300n, refusal: undefined });
    expect(closeQuantity(instrument, 333_333n, holding(3_000n))).toEqual({ micros: 900n, refusal: undefined });
    expect(closeQuantity(instrument, 1n, holding(1_000_000_000n)).micros).toBe(1_000n);
  });

  it('is no more than a book takes in one order', () => {
    expect(closeQuantity(instrument, 1_000_000n, holding(10n ** 18n)).micros).toBe((2n ** 31n - 1n) * 100n);
  });

  it('is refused below a lot, and says what there is', () => {
    const { micros, refusal } = closeQuantity(instrument, 500_000n, holding(199n));
    expect(micros).toBe(100n);
    const metadata = { needed: '0.0001', available: '0.000199', held: '0.000007', symbol: 'ACME' };
    expect(refusal).toEqual({ reason: 'SHARES_INSUFFICIENT', metadata });
  });
});

describe('closeFingerprint', () => {
  it('differs by symbol and part', () => {
    const texts = [
      closeFingerprint('ACME', { kind: 'quantity', micros: 5n }),
      closeFingerprint('ACME', { kind: 'percentage', percentage: 5n }),
      closeFingerprint('ACME', { kind: 'percentage', percentage: 6n }),
      closeFingerprint('BOLT', { kind: 'percentage', percentage: 6n }),
    ];
    expect(new Set(texts).size).toBe(texts.length);
  });
});
