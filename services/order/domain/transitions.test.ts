import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChangeSet, putOrder } from './change-set.ts';
import { averagePriceText, exposureOf, isImmediate, isResting, isWaiting, type Order, statusOf } from './order.ts';
import { isPending, type OrderState } from './order-state.ts';
import { sampleOrder } from './testing/sample-order.ts';
import { applyFeedChange, type FeedChange, refuse } from './transitions.ts';

type Facts<K extends FeedChange['kind']> = Omit<Extract<FeedChange, { kind: K }>, 'orderId' | 'accountId' | 'timeMs'>;

const change = <K extends FeedChange['kind']>(facts: Facts<K> & { kind: K }) =>
  ({ orderId: '', accountId: '', timeMs: 5, ...facts }) as unknown as FeedChange;
const trade = (lots: bigint, remainingLots: bigint, priceTicks = 100n, maker = true) =>
  change({ kind: 'traded', sequence: 9n, tradeId: `t${lots}`, lots, remainingLots, priceTicks, maker });
const pending: OrderState[] = ['intent', 'submitting', 'compensating'];

describe('applyFeedChange', () => {
  it.each(pending)('lets the feed come first in state %s', (state) => {
    const order = sampleOrder({ state });
    const accepted = applyFeedChange(order, change({ kind: 'accepted', sequence: 7n }));
    expect(accepted).toMatchObject({
      order: { state: 'open', acceptedPosition: 7n },
      event: 'opened',
      unexpected: false,
    });
    const refusal = { reason: 'POST_ONLY_WOULD_TRADE', metadata: {} };
    const rejected = applyFeedChange(order, change({ kind: 'rejected', sequence: 7n, refusal }));
    expect(rejected.order).toMatchObject({ state: 'rejected', refusal, finalPosition: 7n });
  });

  it('fills in parts and then whole, with the fee of each part on the cumulative fill', () => {
    const open = sampleOrder({ state: 'open' });
    const part = applyFeedChange(open, trade(3n, 7n));
    expect(part).toMatchObject({
      order: { state: 'open', filledLots: 3n, feeMicros: 10_000n },
      fill: { feeMicros: 10_000n },
    });
    expect(statusOf(part.order)).toBe('partially-filled');
    const whole = applyFeedChange(part.order, trade(7n, 0n, 90n, false));
    // 300 micros at 10 bps and 630 at 20 bps: 1.56 micros, rounded up once.
    expect(whole).toMatchObject({
      order: { state: 'filled', feeMicros: 20_000n, finalPosition: 9n },
      fill: { feeMicros: 10_000n },
    });
    expect(averagePriceText(whole.order)).toBe('0.93');
  });

  it('leaves the void of an order that was never accepted to its compensation', () => {
    const voided = applyFeedChange(
      sampleOrder({ state: 'compensating' }),
      change({ kind: 'cancelled', reason: 'compensated', commandId: '', sequence: 8n }),
    );
    expect(voided).toMatchObject({
      order: { state: 'compensating', finalPosition: 8n },
      visible: false,
      unexpected: false,
    });
  });

  it('lets a stop wait until it is triggered, and then be in the book', () => {
    const stop = sampleOrder({ type: 'stop-limit', specials: { stopTicks: 90n } });
    const { order: open } = applyFeedChange(stop, change({ kind: 'accepted', sequence: 7n }));
    expect([isWaiting(stop), isWaiting(open), isResting(open), statusOf(open)]).toEqual([false, true, false, 'open']);
    const triggered = applyFeedChange(open, change({ kind: 'triggered', sequence: 8n }));
    expect(triggered).toMatchObject({
      order: { triggerTimeMs: 5 },
      visible: true,
      unexpected: false,
      event: 'entered',
    });
    expect([isWaiting(triggered.order), isResting(triggered.order)]).toEqual([false, true]);
    expect(isImmediate(stop)).toBe(false);
    const ended = sampleOrder({ ...stop, state: 'cancelled' });
    expect(applyFeedChange(ended, change({ kind: 'triggered', sequence: 8n }))).toMatchObject({ unexpected: true });
  });

  it('takes a time that is past for that of the caller where the order is for the moment, and for its own otherwise', () => {
    const refusal = { reason: 'EXPIRE_TIME_PAST', metadata: {} };
    const rejected = (order: Order) =>
      applyFeedChange(order, change({ kind: 'rejected', sequence: 7n, refusal })).order.refusal?.reason;
    expect(rejected(sampleOrder({ timeInForce: 'ioc' }))).toBe('ORDER_NOT_SUBMITTED_IN_TIME');
    expect(rejected(sampleOrder({ timeInForce: 'gtd', specials: { expireTimeMs: 5 } }))).toBe('EXPIRE_TIME_PAST');
  });

  it('marks what cannot follow from the state as unexpected, and applies a trade all the same', () => {
    const rejected = sampleOrder({ state: 'rejected' });
    expect(applyFeedChange(rejected, change({ kind: 'accepted', sequence: 1n }))).toMatchObject({ unexpected: true });
    const traded = applyFeedChange(rejected, trade(10n, 0n));
    expect(traded).toMatchObject({ unexpected: true, order: { state: 'filled', filledLots: 10n } });
  });
});

describe('refuse', () => {
  it('ends an order from the stated state and leaves any other alone', () => {
    const refusal = { reason: 'CASH_INSUFFICIENT', metadata: {} };
    expect(refuse(sampleOrder(), 'intent', refusal)).toMatchObject({ state: 'rejected', refusal });
    for (const state of ['submitting', 'compensating', 'open', 'filled', 'cancelled', 'rejected'] as const) {
      expect(refuse(sampleOrder({ state }), 'intent', refusal)).toBeUndefined();
    }
  });
});

describe('putOrder', () => {
  const counters = { changeSequence: 1n, openCount: 1, openNotionalMicros: 10_000_000n, rateSecond: 0n, rateCount: 0 };

  it('leaves the account’s counters equal to its orders and draws each sequence once, whatever the feed contains', () => {
    const lots = fc.array(fc.bigInt({ min: 1n, max: 4n }), { maxLength: 8 });
    fc.assert(
      fc.property(lots, fc.boolean(), fc.boolean(), (sizes, maker, cancels) => {
        const first = sampleOrder();
        const set = createChangeSet(new Map([[first.accountId, counters]]), new Map([[first.orderId, first]]));
        const sequences: bigint[] = [];
        const take = (feedChange: FeedChange) => {
          const { order, fill, visible } = applyFeedChange(set.orders.get(first.orderId) as Order, feedChange);
          const stored = putOrder(set, order, { timeMs: 2, fill, visible });
          if (visible) sequences.push(stored.changeSequence);
        };
        take(change({ kind: 'accepted', sequence: 1n }));
        let remaining = first.quantityLots;
        for (const size of sizes) {
          if (remaining === 0n) break;
          const traded = lesser(size, remaining);
          remaining -= traded;
          take(trade(traded, remaining, 100n, maker));
        }
        if (cancels && remaining > 0n)
          take(change({ kind: 'cancelled', reason: 'requested', commandId: '', sequence: 99n }));
        const order = set.orders.get(first.orderId) as Order;
        const account = set.accounts.get(first.accountId);
        const { count, notionalMicros } = exposureOf(order);
        expect(account).toMatchObject({ openCount: count, openNotionalMicros: notionalMicros });
        expect(set.fills.reduce((sum, { lots: filled }) => sum + filled, 0n)).toBe(order.filledLots);
        expect(set.fills.reduce((sum, { feeMicros }) => sum + feeMicros, 0n)).toBe(order.feeMicros);
        sequences.push(...set.fills.map(({ changeSequence }) => changeSequence));
        expect(new Set(sequences).size).toBe(sequences.length);
        expect(isPending(order)).toBe(false);
      }),
    );
  });

  it('draws no sequence for what the owner does not see', () => {
    const order = sampleOrder({ state: 'compensating' });
    const set = createChangeSet(new Map([[order.accountId, counters]]), new Map([[order.orderId, order]]));
    const stored = putOrder(set, { ...order, finalPosition: 3n }, { timeMs: 2, visible: false });
    expect(stored).toMatchObject({ version: order.version, changeSequence: order.changeSequence, finalPosition: 3n });
  });
});

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
