import { describe, expect, it } from 'vitest';
import { checkHoldAmount, checkOrderHold, type OrderAtCut } from './explain-hold.ts';
import { type Hold, type HoldTerms, unfilled } from './hold.ts';

const terms: HoldTerms = {
  accountId: 'ann',
  symbol: 'ACME',
  side: 'buy',
  lots: 10n,
  priceTicks: 100n,
  tickLotMicros: 10_000n,
  lotMicros: 1_000_000n,
  makerBps: 10,
  takerBps: 20,
};
const hold: Hold = { orderId: 'order', state: 'open', terms, progress: unfilled, amount: 10_020_000n, revision: 0 };
const order: OrderAtCut = { orderId: 'order', terms, progress: unfilled, isPending: false };

describe('checkHoldAmount', () => {
  it('agrees with a hold that follows its terms and names both amounts of one that does not', () => {
    expect(checkHoldAmount(hold)).toBeUndefined();
    expect(checkHoldAmount({ ...hold, amount: 10_030_000n })).toEqual({ expected: '10.02 USD', found: '10.03 USD' });
  });
});

describe('checkOrderHold', () => {
  it('wants exactly the hold of an open order', () => {
    expect(checkOrderHold(order, hold)).toBeUndefined();
    expect(checkOrderHold(order, undefined)).toEqual({ expected: '10.02 USD of account ann', found: 'no open hold' });
    expect(checkOrderHold(order, { ...hold, state: 'settled', amount: 0n })).toBeDefined();
    expect(checkOrderHold({ ...order, progress: { ...unfilled, filledLots: 1n } }, hold)).toBeDefined();
  });

  it('accepts a pending order with or without a hold, but not with one of another account', () => {
    const pending = { ...order, isPending: true };
    expect(checkOrderHold(pending, undefined)).toBeUndefined();
    expect(checkOrderHold(pending, { ...hold, amount: 5n })).toBeUndefined();
    expect(checkOrderHold(pending, { ...hold, terms: { ...terms, accountId: 'eve' } })).toBeDefined();
  });
});
