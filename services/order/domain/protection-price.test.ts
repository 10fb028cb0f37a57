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

  it('is the edge of the price band where that is nearer', () => {
    const banded = { ...instrument, bandBps: 200 };
    expect(protectionPriceTicks(banded, 'buy', prices(undefined, 10_000n, 10_000n), 500)).toBe(10_200n);
    expect(protectionPriceTicks(banded, 'sell', prices(10_000n, undefined, undefined), 500)).toBe(9_800n);
  });

  it('lets a market order take a quote inside of both band and collar, whatever they and the last price are', () => {
    const ticks = fc.bigInt({ min: 1n, max: 2n ** 31n - 1n });
    const bps = fc.integer({ min: 1, max: 20_000 });
    fc.assert(
      fc.property(
        ticks,
        bps,
        fc.integer({ min: 0, max: 5_000 }),
        fc.double({ min: -1.2, max: 1.2, noNaN: true }),
        (last, bandBps, collar, at) => {
          const banded = { ...instrument, bandBps };
          // A quote at, inside or shortly outside of the band's edges.
          const away = BigInt(Math.round(Number(last) * (bandBps / 10_000) * at));
          const quote = last + away > 1n ? last + away : 1n;
          const buy = protectionPriceTicks(banded, 'buy', prices(undefined, quote, last), collar) as bigint;
          const sell = protectionPriceTicks(banded, 'sell', prices(quote, undefined, last), collar) as bigint;
          const [low, high] = [last * BigInt(10_000 - bandBps), last * BigInt(10_000 + bandBps)];
          if (quote <= 2n ** 31n - 1n) expect(buy >= quote).toBe(quote * 10_000n <= high);
          expect(sell <= quote).toBe(quote * 10_000n >= low);
          expect(buy * 10_000n <= high && sell * 10_000n >= low).toBe(true);
        },
      ),
    );
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
