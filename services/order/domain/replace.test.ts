import { describe, expect, it } from 'vitest';
import { changed, endReplace } from './end-replace.ts';
import { newTermsOf } from './new-terms-of.ts';
import { exposureOf } from './order.ts';
import { type Change, changeFingerprint, refuseReplace, replaceCommandId } from './replace.ts';
import { sampleOrder } from './testing/sample-order.ts';
import type { TradingConditions } from './trading-conditions.ts';

const none: Change = {
  quantityMicros: undefined,
  limitPriceMicros: undefined,
  stopPriceMicros: undefined,
  trail: undefined,
  expireTimeMs: undefined,
};
const pricing = { collarBps: 500 };
const dollars = (amount: number) => BigInt(Math.round(amount * 1_000_000));
const conditions: TradingConditions = {
  accountId: 'a',
  version: 1n,
  state: 'active',
  house: false,
  makerBps: 10,
  takerBps: 20,
  orderNotionalMaxMicros: undefined,
  openNotionalMaxMicros: undefined,
  openOrdersMax: 1,
  ordersPerSecondMax: 10,
  positionMaxMicros: undefined,
  marketOrdersPermitted: true,
};
const counters = { changeSequence: 1n, openCount: 1, openNotionalMicros: 30_000_000n, rateSecond: 0n, rateCount: 0 };

describe('newTermsOf', () => {
  it('changes what is named, and nothing else', () => {
    const order = sampleOrder({ state: 'open' });
    expect(newTermsOf(order, { ...none, quantityMicros: 7_000_000n }, pricing)).toEqual({
      quantityLots: 7n,
      priceTicks: 100n,
    });
    expect(newTermsOf(order, { ...none, limitPriceMicros: dollars(1.25) }, pricing)).toMatchObject({
      priceTicks: 125n,
    });
  });

  it('sets the worst price of a stop anew by its new stop price, unless that is named too', () => {
    const stop = sampleOrder({ type: 'stop', priceTicks: 105n, specials: { stopTicks: 100n } });
    const moved = { ...none, stopPriceMicros: dollars(2) };
    expect(newTermsOf(stop, moved, pricing)).toMatchObject({ stopTicks: 200n, priceTicks: 210n });
    expect(newTermsOf(stop, { ...moved, limitPriceMicros: dollars(3) }, pricing)).toMatchObject({ priceTicks: 300n });
    const limited = sampleOrder({ type: 'stop-limit', priceTicks: 105n, specials: { stopTicks: 100n } });
    expect(newTermsOf(limited, moved, pricing)).toMatchObject({ stopTicks: 200n, priceTicks: 105n });
  });

  it('sets the worst price of a trailing stop anew by its new trail and the market', () => {
    const order = sampleOrder({ type: 'trailing-stop', side: 'sell', specials: { trailBps: 100 } });
    const instrument = { ...order, bandBps: 0, referencePriceTicks: 100n };
    const prices = { bidTicks: undefined, askTicks: undefined, lastTicks: 1_000n, halted: false };
    const change = { ...none, trail: { kind: 'amount', micros: dollars(1) } as const };
    const terms = newTermsOf(order, change, { ...pricing, market: { instrument, prices } });
    expect(terms).toMatchObject({ priceTicks: 855n, specials: { trailTicks: 100n } });
    expect(changed({ ...order, pendingReplace: terms }).specials).toEqual({ trailTicks: 100n });
  });

  it.each<[string, Partial<Change>, RegExp]>([
    ['a stop price of a limit order', { stopPriceMicros: 1n }, /stop_price/],
    ['a trail of a limit order', { trail: { kind: 'percent', bps: 5 } }, /trail_percent/],
    ['an expiry of an order without one', { expireTimeMs: 5 }, /expire_time/],
    ['a price off the tick', { limitPriceMicros: 5n }, /limit_price/],
    ['a quantity off the lot', { quantityMicros: 5n }, /quantity/],
    ['more than an iceberg may have beside what it shows', { quantityMicros: dollars(5_000) }, /thousand times/],
  ])('refuses %s', (_, change, message) => {
    const order = sampleOrder({ state: 'open', specials: { displayLots: 1n } });
    expect(() => newTermsOf(order, { ...none, ...change }, pricing)).toThrow(message);
  });
});

describe('refuseReplace', () => {
  const order = sampleOrder({ state: 'open', revision: 3 });
  const terms = { quantityLots: 20n, priceTicks: 100n, stopTicks: undefined };
  const input = { terms, expectedRevision: 0, conditions, counters };

  it('begins a change that is within all limits, however many orders are open', () => {
    expect(refuseReplace(order, input)).toBeUndefined();
  });

  it('takes none of an order by amount, which the exchange has ended already', () => {
    const byAmount = { ...order, specials: { amountMicros: 10_000_000n } };
    expect(refuseReplace(byAmount, input)).toMatchObject({ reason: 'ORDER_ALREADY_FINAL' });
  });

  it('names the end of the order, another revision, the account, and the limits with their numbers', () => {
    expect(refuseReplace({ ...order, state: 'filled' }, input)).toMatchObject({ metadata: { status: 'FILLED' } });
    expect(refuseReplace(order, { ...input, expectedRevision: 2 })).toEqual({
      reason: 'ORDER_REVISION_STALE',
      metadata: { revision: '3' },
    });
    const frozen = { ...conditions, state: 'frozen' as const };
    expect(refuseReplace(order, { ...input, conditions: frozen })).toMatchObject({ reason: 'ACCOUNT_FROZEN' });
    const limited = { ...conditions, openNotionalMaxMicros: 39_000_000n };
    // 20.00 beside the 20.00 of other orders.
    expect(refuseReplace(order, { ...input, conditions: limited })).toEqual({
      reason: 'OPEN_NOTIONAL_OVER_LIMIT',
      metadata: { open: '20.00', notional: '20.00', limit: '39.00' },
    });
    expect(
      refuseReplace(order, { ...input, terms: { ...terms, quantityLots: 9n }, conditions: limited }),
    ).toBeUndefined();
    const triggered = { ...order, triggerTimeMs: 5 };
    const stop = { ...terms, stopTicks: 5n };
    expect(refuseReplace(triggered, { ...input, terms: stop })).toMatchObject({ reason: 'ORDER_ALREADY_TRIGGERED' });
  });
});

describe('changeFingerprint', () => {
  it('differs for all that changes the order, and is that of the release before without trail and expiry', () => {
    const changes: Partial<Change>[] = [
      { quantityMicros: 1n },
      { limitPriceMicros: 1n },
      { stopPriceMicros: 1n },
      { trail: { kind: 'amount', micros: 1n } },
      { trail: { kind: 'percent', bps: 1 } },
      { expireTimeMs: 1 },
    ];
    const texts = changes.map((change) => changeFingerprint('o', 0, { ...none, ...change }));
    expect(new Set(texts).size).toBe(changes.length);
    expect(texts[0]).toBe('1|o|0|1||');
  });
});

describe('endReplace', () => {
  const pendingReplace = { quantityLots: 20n, priceTicks: 90n, stopTicks: undefined, specials: { expireTimeMs: 9 } };
  const order = sampleOrder({ state: 'open', replaceNumber: 2, pendingReplace, specials: { expireTimeMs: 5 } });
  const named = { sequence: 8n, commandId: replaceCommandId({ orderId: order.orderId, number: 2 }) };

  it('counts the greater terms until the change has ended', () => {
    expect(exposureOf(order).notionalMicros).toBe(18_000_000n);
    expect(exposureOf({ ...order, pendingReplace: undefined }).notionalMicros).toBe(10_000_000n);
  });

  it('takes what the event of the change does not say from the change itself', () => {
    const { order: after, ended } = endReplace(order, { ...named, kind: 'replaced' });
    expect(after).toMatchObject({ pendingReplace: undefined, specials: { expireTimeMs: 9 } });
    expect(ended).toEqual({ orderId: order.orderId, number: 2, refusal: undefined, position: 8n });
  });

  it('ends by the refusal that names the change, and not by that of another command', () => {
    const refusal = { reason: 'INVALID_FIELD', metadata: {} };
    const refused = endReplace(order, { ...named, kind: 'command-rejected', refusal });
    expect(refused.ended?.refusal?.reason).toBe('ORDER_ALREADY_TRIGGERED');
    expect(refused.order.specials).toEqual({ expireTimeMs: 5 });
    expect(endReplace(order, { ...named, commandId: 'cancel:o', kind: 'command-rejected', refusal })).toEqual({
      order,
    });
  });

  it('ends with the order, refused unless the change itself has ended it', () => {
    const over = { ...order, state: 'cancelled' as const };
    expect(endReplace(over, { sequence: 8n, kind: 'cancelled', commandId: '' }).ended?.refusal).toMatchObject({
      reason: 'ORDER_ALREADY_FINAL',
    });
    expect(endReplace(over, { ...named, kind: 'cancelled' }).ended?.refusal).toBeUndefined();
  });
});
