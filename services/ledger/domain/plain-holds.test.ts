import { describe, expect, it } from 'vitest';
import type { HoldRequest } from './admit-hold.ts';
import type { HoldTerms } from './hold.ts';
import { findPlainHolds } from './plain-holds.ts';

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

let orderNumber = 0;

function request(given: Partial<HoldTerms> = {}, rest: Partial<HoldRequest> = {}): HoldRequest {
  orderNumber += 1;
  return { orderId: `order ${orderNumber}`, terms: { ...terms, ...given }, positionMaxMicros: undefined, ...rest };
}

const indexesOf = (...requests: HoldRequest[]) => findPlainHolds(requests).map(({ index }) => index);

describe('findPlainHolds', () => {
  it('finds all holds of an ordinary group, with what they hold', () => {
    const found = findPlainHolds([request(), request({ side: 'sell' })]);
    expect(found.map(({ index, amount }) => [index, amount])).toEqual([
      [0, 10_020_000n],
      [1, 10_000_000n],
    ]);
  });

  it('leaves out a buy with a position limit, and what else its balance is asked for', () => {
    const limited = request({}, { positionMaxMicros: 0n });
    expect(indexesOf(request(), limited, request({ side: 'sell' }), request({ accountId: 'bob' }))).toEqual([2, 3]);
  });

  it('counts a sell with a position limit as plain, as only buys are bound by it', () => {
    expect(indexesOf(request({ side: 'sell' }, { positionMaxMicros: 1n }))).toEqual([0]);
  });

  it('leaves out both balances of an order id that comes twice', () => {
    const first = request();
    const again = request({ accountId: 'bob' }, { orderId: first.orderId });
    expect(indexesOf(first, again, request(), request({ accountId: 'bob' }), request({ accountId: 'eve' }))).toEqual([
      4,
    ]);
  });

  it('leaves out more than any balance can have', () => {
    const most = 2n ** 31n - 1n;
    expect(indexesOf(request({ lots: most, priceTicks: most, tickLotMicros: most }), request())).toEqual([]);
  });
});
