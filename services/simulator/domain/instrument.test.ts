import { describe, expect, it } from 'vitest';
import { quoteLots } from './instrument.ts';

const cent = 10_000n;

describe('quoteLots', () => {
  it('is as many whole shares for small lots as for lots of a share, and lots where a share is worth more than a quote', () => {
    const shares = (lotMicros: bigint, priceTicks: number, tickMicros = cent) =>
      quoteLots({ symbol: 'ACME', tickMicros, lotMicros, referenceTicks: priceTicks }, priceTicks) * Number(lotMicros);
    expect(shares(1_000_000n, 18_725)).toBe(16_000_000);
    expect(shares(100n, 18_725)).toBe(16_000_000);
    // 0.6224 shares at 4,820.
    expect(shares(100n, 4_820, 1_000_000n)).toBe(622_400);
    expect(shares(1_000_000n, 4_820, 1_000_000n)).toBe(1_000_000);
  });
});
