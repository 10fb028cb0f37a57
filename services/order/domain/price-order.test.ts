import { describe, expect, it } from 'vitest';
import type { Instrument } from './instrument.ts';
import { priceOrder } from './price-order.ts';
import type { Terms } from './terms.ts';
import type { TradingConditions } from './trading-conditions.ts';

const acme: Instrument = {
  symbol: 'ACME',
  shard: 0,
  tickMicros: 10_000n,
  lotMicros: 100n,
  tickLotMicros: 1n,
  bandBps: 0,
  referencePriceTicks: 18_725n,
};
const conditions: TradingConditions = {
  accountId: 'ann',
  version: 1n,
  state: 'active',
  house: false,
  makerBps: 2,
  takerBps: 5,
  orderNotionalMaxMicros: undefined,
  openNotionalMaxMicros: undefined,
  openOrdersMax: 10,
  ordersPerSecondMax: 10,
  positionMaxMicros: undefined,
  marketOrdersPermitted: true,
};
const prices = { bidTicks: 18_700n, askTicks: 18_746n, lastTicks: 18_725n, halted: false };
const invest = (cashMicros: bigint): Terms => ({
  symbol: 'ACME',
  side: 'buy',
  type: 'market',
  timeInForce: 'ioc',
  size: { kind: 'amount', cashMicros },
  limitPriceMicros: undefined,
  postOnly: false,
});
const fifty = invest(50_000_000n);

describe('priceOrder of an amount', () => {
  it('is a fraction of a share whose value and fee are within the amount', () => {
    const priced = priceOrder({ terms: fifty, instrument: acme, conditions, prices, collarBps: 0 });
    expect(priced).toEqual({
      priceTicks: 18_746n,
      quantityLots: 2_665n,
      estimatedLots: 2_665n,
      // 49.975012 and a fee of 0.024988, rounded up.
      notionalMicros: 49_975_012n,
      specials: { amountMicros: 50_000_000n },
      refusal: undefined,
    });
    const cheaper = { ...conditions, takerBps: 4 };
    expect(priceOrder({ terms: fifty, instrument: acme, conditions: cheaper, prices, collarBps: 0 })).toMatchObject({
      quantityLots: 2_666n,
    });
  });

  it('is estimated at the best price, and may buy more where that falls by what it may rise', () => {
    const priced = priceOrder({ terms: fifty, instrument: acme, conditions, prices, collarBps: 100 });
    // One percent above the ask and below it: 189.33 and 185.59.
    expect(priced).toMatchObject({ priceTicks: 18_933n, estimatedLots: 2_665n, quantityLots: 2_692n });
    expect(priced.specials).toEqual({ amountMicros: 50_000_000n });
  });

  it('is refused where it buys no lot, with what one costs', () => {
    const whole = { ...acme, lotMicros: 1_000_000n, tickLotMicros: 10_000n };
    const priced = priceOrder({ terms: fifty, instrument: whole, conditions, prices, collarBps: 0 });
    const metadata = { amount: '50.00', lot_cost: '187.56' };
    expect(priced).toMatchObject({ quantityLots: 0n, refusal: { reason: 'AMOUNT_BELOW_LOT', metadata } });
    const least = priceOrder({ terms: invest(10_000n), instrument: acme, conditions, prices, collarBps: 0 });
    expect(least).toMatchObject({ quantityLots: 0n, refusal: { metadata: { amount: '0.01', lot_cost: '0.018756' } } });
  });
});
