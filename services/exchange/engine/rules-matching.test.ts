/** Rules of the rulebook about who trades with whom: each `describe` is a rule's number and name. */
import { describe, expect, it } from 'vitest';
import { CancelReason, Reason, SelfTrade, Side, TimeInForce } from './model/codes.ts';
import { createDriver, eventOf, kindsOf, orderId, tradesOf } from './testing/driver.ts';

const sell = (priceTicks: number, quantityLots = 10, accountId = 's') => ({
  ...{ side: Side.SELL, priceTicks, quantityLots, accountId },
});

describe('R1 price, then time', () => {
  it('trades with the best price first and with the earliest order at one price', () => {
    const { submit } = createDriver();
    submit(1, sell(102, 5));
    submit(2, sell(101, 5));
    submit(3, sell(101, 5, 't'));
    submit(4, sell(100, 5));
    const { events } = submit(5, { priceTicks: 101, quantityLots: 12 });
    expect(tradesOf(events)).toEqual(['100x5 4/5', '101x5 2/5', '101x2 3/5']);
  });

  it('never trades past the limit', () => {
    const { submit } = createDriver();
    submit(1, sell(101));
    expect(tradesOf(submit(2, { priceTicks: 100 }).events)).toEqual([]);
  });
});

describe("R2 the maker's price", () => {
  it('gives a buyer with a higher limit the price of the resting sale, and a seller that of the resting bid', () => {
    const { submit } = createDriver();
    submit(1, sell(90));
    expect(tradesOf(submit(2, { priceTicks: 100 }).events)).toEqual(['90x10 1/2']);
    submit(3, { priceTicks: 95 });
    expect(tradesOf(submit(4, sell(80)).events)).toEqual(['95x10 3/4']);
  });
});

describe('R3 the remainder rests', () => {
  it('retains the priority of a partly filled maker and rests the remainder of a partly filled taker', () => {
    const { submit } = createDriver();
    submit(1, sell(100));
    submit(2, sell(100, 10, 't'));
    expect(submit(3, { quantityLots: 4 }).outcome).toMatchObject({ tradedLots: 4, restingLots: 0 });
    const { events, outcome } = submit(4, { quantityLots: 30 });
    expect(tradesOf(events)).toEqual(['100x6 1/4', '100x10 2/4']);
    expect(outcome).toMatchObject({ tradedLots: 16, restingLots: 14, revision: 1 });
  });

  it('finds the next price after the last order of a level', () => {
    const { run, submit } = createDriver();
    submit(1, sell(100));
    submit(2, sell(101));
    run({ kind: 'cancel', commandId: 'c', orderId: orderId(1), accountId: 's', symbol: 'ACME' });
    expect(tradesOf(submit(3, { priceTicks: 105 }).events)).toEqual(['101x10 2/3']);
  });
});

describe('R4 IOC', () => {
  it('trades what it can at once and cancels the rest; it never rests', () => {
    const { submit } = createDriver();
    submit(1, sell(100, 4));
    const { events, outcome } = submit(2, { timeInForce: TimeInForce.IOC });
    expect(kindsOf(events)).toEqual(['accepted', 'traded', 'cancelled']);
    expect(eventOf(events, 'cancelled')).toMatchObject({ reason: CancelReason.IMMEDIATE, remainingLots: 6 });
    expect(outcome).toMatchObject({ accepted: true, tradedLots: 4, restingLots: 0 });
    expect(tradesOf(submit(3, sell(90)).events)).toEqual([]);
  });
});

describe('R5 FOK', () => {
  it('counts several levels and several makers', () => {
    const { submit } = createDriver();
    submit(1, sell(100, 3));
    submit(2, sell(100, 3, 't'));
    submit(3, sell(101, 4));
    const { events } = submit(4, { timeInForce: TimeInForce.FOK, priceTicks: 101, quantityLots: 10 });
    expect(tradesOf(events)).toEqual(['100x3 1/4', '100x3 2/4', '101x4 3/4']);
  });

  it('is rejected and changes nothing when one lot is missing within its limit', () => {
    const { submit } = createDriver();
    submit(1, sell(100, 3));
    submit(2, sell(101, 6));
    submit(3, sell(102, 9));
    const { events, outcome } = submit(4, { timeInForce: TimeInForce.FOK, priceTicks: 101, quantityLots: 10 });
    expect(outcome).toMatchObject({ accepted: false, reason: Reason.FILL_OR_KILL_UNFILLED });
    expect(events.map(({ kind }) => kind)).toEqual(['rejected']);
  });

  it('does not count lots of its own group', () => {
    const { submit } = createDriver();
    submit(1, sell(100, 5, 'a'));
    submit(2, sell(100, 5));
    const fok = { timeInForce: TimeInForce.FOK, quantityLots: 6, selfTrade: SelfTrade.CANCEL_OLDEST };
    expect(submit(3, fok).outcome.reason).toBe(Reason.FILL_OR_KILL_UNFILLED);
    expect(submit(4, { ...fok, quantityLots: 5, selfTrade: SelfTrade.CANCEL_NEWEST }).outcome.accepted).toBe(false);
    expect(kindsOf(submit(5, { ...fok, quantityLots: 5 }).events)).toEqual(['accepted', 'cancelled', 'traded']);
  });
});

describe('R6 post-only', () => {
  it('is rejected when it would meet an order, and rests otherwise', () => {
    const { submit } = createDriver();
    submit(1, sell(100));
    expect(submit(2, { postOnly: true }).outcome.reason).toBe(Reason.POST_ONLY_WOULD_TRADE);
    expect(submit(3, { postOnly: true, priceTicks: 99 }).outcome.restingLots).toBe(10);
  });
});

describe('R7 self-trade prevention', () => {
  const cross = (selfTrade: SelfTrade, quantityLots = 10) => {
    const driver = createDriver();
    driver.submit(1, { ...sell(100, 6, 'a'), selfTradeGroup: 'desk' });
    driver.submit(2, sell(100, 6));
    return driver.submit(3, { accountId: 'b', selfTradeGroup: 'desk', selfTrade, quantityLots });
  };

  it('cancels the arriving order', () => {
    const { events } = cross(SelfTrade.CANCEL_NEWEST);
    expect(kindsOf(events)).toEqual(['accepted', 'cancelled']);
    expect(eventOf(events, 'cancelled')).toMatchObject({ orderId: orderId(3), reason: CancelReason.SELF_TRADE });
  });

  it('cancels the resting order and continues', () => {
    const { events } = cross(SelfTrade.CANCEL_OLDEST);
    expect(eventOf(events, 'cancelled').orderId).toBe(orderId(1));
    expect(tradesOf(events)).toEqual(['100x6 2/3']);
  });

  it('cancels both', () => {
    expect(kindsOf(cross(SelfTrade.CANCEL_BOTH).events)).toEqual(['accepted', 'cancelled', 'cancelled']);
  });

  it('takes the smaller quantity from both, and the smaller order leaves', () => {
    const { events } = cross(SelfTrade.DECREMENT);
    expect(kindsOf(events)).toEqual(['accepted', 'cancelled', 'replaced', 'traded']);
    const left = { orderId: orderId(3), quantityLots: 4, remainingLots: 4, revision: 2 };
    expect(eventOf(events, 'replaced')).toMatchObject(left);
    expect(tradesOf(events)).toEqual(['100x4 2/3']);
    expect(kindsOf(cross(SelfTrade.DECREMENT, 6).events)).toEqual(['accepted', 'cancelled', 'cancelled']);
    expect(kindsOf(cross(SelfTrade.DECREMENT, 2).events)).toEqual(['accepted', 'replaced', 'cancelled']);
  });

  it('takes an account as its own group', () => {
    const { submit } = createDriver();
    submit(1, sell(100, 5, 'a'));
    expect(kindsOf(submit(2).events)).toEqual(['accepted', 'cancelled']);
  });
});
