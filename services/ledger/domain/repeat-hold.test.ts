import { describe, expect, it } from 'vitest';
import { type Hold, type HoldTerms, unfilled } from './hold.ts';
import { repeatHold } from './repeat-hold.ts';

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
const request = { orderId: 'order', terms, positionMaxMicros: undefined };
const hold: Hold = { orderId: 'order', state: 'open', terms, progress: unfilled, amount: 1_002n, revision: 0 };

describe('repeatHold', () => {
  it.each(['open', 'settled'] as const)('says that a hold stands or stood when it is %s', (state) => {
    expect(repeatHold(request, { kind: 'hold', hold: { ...hold, state } })).toBeUndefined();
  });

  it('says that a hold was closed when it was released, or its id given up before', () => {
    const closed = { reason: 'hold-closed', metadata: {} };
    expect(repeatHold(request, { kind: 'hold', hold: { ...hold, state: 'released' } })).toEqual(closed);
    expect(repeatHold(request, { kind: 'closed', orderId: 'order' })).toEqual(closed);
  });

  it('repeats a refusal with the numbers of the first time', () => {
    const refusal = { reason: 'cash-insufficient' as const, metadata: { needed: '1.00' } };
    expect(repeatHold(request, { kind: 'refused', hold, refusal })).toBe(refusal);
  });

  it('refuses other terms under the same id, but not another position limit', () => {
    const other = { ...request, terms: { ...terms, lots: 11n } };
    expect(repeatHold(other, { kind: 'hold', hold })).toMatchObject({ reason: 'key-reused' });
    expect(repeatHold({ ...request, positionMaxMicros: 1n }, { kind: 'hold', hold })).toBeUndefined();
  });

  it('knows the terms again after the exchange has changed price and quantity', () => {
    const changed = { ...hold, revision: 1, terms: { ...terms, lots: 5n, priceTicks: 90n } };
    expect(repeatHold(request, { kind: 'hold', hold: changed })).toBeUndefined();
  });
});
