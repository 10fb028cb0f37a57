import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instrument } from './instrument.ts';
import type { MarketPrices } from './protection-price.ts';
import { protectionPriceTicks } from './protection-price.ts';

const instrument: Instrument = {
  symbol: 'ACME',
  shard: 0,
  tickMicros: 10_000n,
  lotMicros: 1_000_000n,
  tickLotMicros: 10_000n,
  bandBps: 0,
  referencePriceTicks: 10_000n,
};
const prices = (bidTicks?: bigint, askTicks?: bigint, lastTicks?: bigint): MarketPrices => ({
  bidTicks,
  askTicks,
  lastTicks,
  halted: false,
});

describe('protectionPriceTicks', () => {
  it('lies beyond the best opposite quote, rounded towards the market', () => {
    const market = prices(9_999n, 10_001n, 5_000n);
    expect(protectionPriceTicks(instrument, 'buy', market, 500)).toBe(10_501n);
    expect(protectionPriceTicks(instrument, 'sell', market, 500)).toBe(9_500n);
  });

  it('takes the last price when there is no opposite quote, and is undefined without one', () => {
    expect(protectionPriceTicks(instrument, 'buy', prices(1n, undefined, 100n), 500)).toBe(105n);
    expect(protectionPriceTicks(instrument, 'buy', prices(1n), 500)).toBeUndefined();
  });

  it('leaves a tenth of the price band as room for the price to move', () => {
    const banded = { ...instrument, bandBps: 200 };
    expect(protectionPriceTicks(banded, 'buy', prices(undefined, 10_000n, 10_000n), 500)).toBe(10_180n);
    expect(protectionPriceTicks(banded, 'sell', prices(10_000n, undefined, undefined), 500)).toBe(9_820n);
  });

  it('never goes further than the collar, and never to nothing', () => {
    const ticks = fc.bigInt({ min: 1n, max: 2n ** 31n - 1n });
    fc.assert(
      fc.property(ticks, fc.integer({ min: 0, max: 5_000 }), (best, bps) => {
        const market = prices(best, best);
        const buy = protectionPriceTicks(instrument, 'buy', market, bps) as bigint;
        const sell = protectionPriceTicks(instrument, 'sell', market, bps) as bigint;
        expect(buy >= best && buy * 10_000n <= best * BigInt(10_000 + bps)).toBe(true);
        expect(sell >= 1n && sell <= best && sell * 10_000n >= best * BigInt(10_000 - bps)).toBe(true);
      }),
    );
  });
});
