import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AdmissionState, admitHold, type HoldRequest } from './admit-hold.ts';
import { BalanceSheet } from './balance-sheet.ts';
import type { HoldTerms } from './hold.ts';

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

function request(given: Partial<HoldTerms> = {}, positionMaxMicros?: bigint): HoldRequest {
  return { orderId: 'order', terms: { ...terms, ...given }, positionMaxMicros };
}

function stateWith(cash: bigint, shares = 0n): AdmissionState {
  return {
    sheet: new BalanceSheet([
      { accountId: 'ann', asset: 'USD', available: cash, held: 0n },
      { accountId: 'ann', asset: 'ACME', available: shares, held: 0n },
    ]),
    accounts: new Map([['ann', 'active']]),
    incomingMicros: new Map(),
  };
}

describe('admitHold', () => {
  it('moves what a buy may cost from available to held', () => {
    const state = stateWith(10_020_000n);
    expect(admitHold(request(), state)).toEqual({ amount: 10_020_000n });
    expect(state.sheet.read({ accountId: 'ann', asset: 'USD' })).toMatchObject({ available: 0n, held: 10_020_000n });
  });

  it('refuses a buy that lacks one cent, with its numbers, and changes nothing', () => {
    const state = stateWith(10_010_000n);
    expect(admitHold(request(), state)).toEqual({
      refusal: {
        reason: 'cash-insufficient',
        metadata: { needed: '10.02', available: '10.01', held: '0.00', currency: 'USD' },
      },
    });
    expect(state.sheet.changed()).toEqual([]);
  });

  it('refuses a sell of shares that are not available, with its numbers', () => {
    expect(admitHold(request({ side: 'sell' }), stateWith(0n, 9_500_000n))).toEqual({
      refusal: {
        reason: 'shares-insufficient',
        metadata: { needed: '10', available: '9.5', held: '0', symbol: 'ACME' },
      },
    });
  });

  it('admits a small order after a big one was refused', () => {
    const state = stateWith(5_000_000n);
    expect(admitHold(request(), state)).toHaveProperty('refusal');
    expect(admitHold(request({ lots: 4n }), state)).toEqual({ amount: 4_010_000n });
  });

  it.each([
    ['frozen', 'account-frozen'],
    ['closed', 'account-closed'],
    [undefined, 'account-not-found'],
  ] as const)('refuses an account that is %s', (accountState, reason) => {
    const state = { ...stateWith(100_000_000n), accounts: new Map(accountState ? [['ann', accountState]] : []) };
    expect(admitHold(request(), state)).toEqual({ refusal: { reason, metadata: {} } });
  });

  it('counts shares that open buys would bring in against the position limit', () => {
    const state = stateWith(100_000_000n, 5_000_000n);
    expect(admitHold(request({}, 25_000_000n), state)).toHaveProperty('amount');
    expect(admitHold(request({}, 24_999_999n), state)).toEqual({
      refusal: {
        reason: 'position-limit-exceeded',
        metadata: { symbol: 'ACME', position: '25', limit: '24.999999' },
      },
    });
  });

  it('takes a position limit of 0 for none at all, and its absence for no limit; neither keeps from selling', () => {
    expect(admitHold(request({ lots: 1n, lotMicros: 1n }, 0n), stateWith(100_000_000n))).toMatchObject({
      refusal: { reason: 'position-limit-exceeded', metadata: { position: '0.000001', limit: '0' } },
    });
    expect(admitHold(request(), stateWith(100_000_000n))).toHaveProperty('amount');
    expect(admitHold(request({ side: 'sell' }, 0n), stateWith(0n, 10_000_000n))).toHaveProperty('amount');
  });

  it('never holds more than there was, whatever is requested', () => {
    const lots = fc.array(fc.bigInt({ min: 1n, max: 50n }), { maxLength: 30 });
    fc.assert(
      fc.property(lots, fc.bigInt({ min: 0n, max: 500_000_000n }), (requested, cash) => {
        const state = stateWith(cash);
        const outcomes = requested.map((count) => admitHold(request({ lots: count }), state));
        const taken = outcomes.reduce((sum, outcome) => sum + ('amount' in outcome ? outcome.amount : 0n), 0n);
        const { available, held } = state.sheet.read({ accountId: 'ann', asset: 'USD' });
        expect(held).toBe(taken);
        expect(available).toBe(cash - taken);
        expect(available >= 0n).toBe(true);
      }),
    );
  });
});
