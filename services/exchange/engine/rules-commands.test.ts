/** Rules of the rulebook about commands on orders and books: each `describe` is a rule's number and name. */
import { describe, expect, it } from 'vitest';
import { CancelReason, Reason, Side, TradingState } from './model/codes.ts';
import { plainChange } from './model/commands.ts';
import { createDriver, eventOf, kindsOf, orderId, startMs, tradesOf } from './testing/driver.ts';

const sell = (priceTicks: number, quantityLots = 10, accountId = 's') => ({
  ...{ side: Side.SELL, priceTicks, quantityLots, accountId },
});
const keyed = (commandId: string, number: number, accountId = 'a') => ({
  ...{ commandId, orderId: orderId(number), accountId, symbol: 'ACME' },
});
const change = (commandId: string, number: number, priceTicks: number, quantityLots: number, expectedRevision = 1) =>
  ({
    kind: 'replace',
    ...keyed(commandId, number),
    expectedRevision,
    priceTicks,
    quantityLots,
    ...plainChange,
  }) as const;

describe('R8 replace', () => {
  it('retains priority for less quantity at the same price', () => {
    const { run, submit } = createDriver();
    submit(1);
    submit(2, { accountId: 'b' });
    const { events } = run(change('r', 1, 100, 6));
    expect(eventOf(events, 'replaced')).toMatchObject({ priorityKept: true, remainingLots: 6, revision: 2 });
    expect(tradesOf(submit(3, sell(100, 8)).events)).toEqual(['100x6 1/3', '100x2 2/3']);
  });

  it.each([
    ['more quantity', 100, 11],
    ['another price, and stays behind when it comes back', 99, 10],
  ])('loses priority for %s', (_, price, quantity) => {
    const { run, submit } = createDriver();
    submit(1);
    submit(2, { accountId: 'b' });
    expect(eventOf(run(change('r1', 1, price, quantity)).events, 'replaced').priorityKept).toBe(false);
    run(change('r2', 1, 100, quantity, 2));
    expect(tradesOf(submit(3, sell(100, 8)).events)).toEqual(['100x8 2/3']);
  });

  it('trades at once when the new price meets the other side', () => {
    const { run, submit } = createDriver();
    submit(1, { priceTicks: 90 });
    submit(2, sell(95, 4));
    const { events, outcome } = run(change('r', 1, 95, 10));
    expect(tradesOf(events)).toEqual(['95x4 2/1']);
    expect(outcome).toMatchObject({ tradedLots: 4, restingLots: 6 });
  });

  it('counts traded lots in the new total, and cancels the rest when they reach it', () => {
    const { run, submit } = createDriver();
    submit(1);
    submit(2, sell(100, 4));
    expect(run(change('r1', 1, 100, 7)).outcome.restingLots).toBe(3);
    const cancelled = eventOf(run(change('r2', 1, 100, 4, 2)).events, 'cancelled');
    expect(cancelled).toMatchObject({ reason: CancelReason.REQUESTED, remainingLots: 3, commandId: 'r2' });
  });

  it('is rejected for a revision that the order has not, and for an order that is final', () => {
    const { run, submit } = createDriver();
    submit(1);
    expect(run(change('r1', 1, 100, 5, 2)).outcome).toMatchObject({ reason: Reason.ORDER_REVISION_STALE, detailA: 1 });
    run({ kind: 'cancel', ...keyed('c', 1) });
    expect(run(change('r2', 1, 100, 5)).outcome.reason).toBe(Reason.ORDER_ALREADY_FINAL);
  });
});

describe('R9 cancel', () => {
  it('takes an order out of its queue and leaves its neighbours in theirs', () => {
    const { run, submit } = createDriver();
    for (const number of [1, 2, 3]) submit(number);
    const { events } = run({ kind: 'cancel', ...keyed('c', 2) });
    expect(eventOf(events, 'cancelled')).toMatchObject({ remainingLots: 10, commandId: 'c' });
    expect(eventOf(events, 'levelChanged')).toMatchObject({ quantityLots: 20, orderCount: 2 });
    expect(tradesOf(submit(4, sell(100, 15)).events)).toEqual(['100x10 1/4', '100x5 3/4']);
  });

  it.each([
    ['an unknown order', 9, 'a'],
    ['the order of another account', 1, 'b'],
  ])('says not found for %s, on the feed too', (_, number, account) => {
    const { run, submit } = createDriver();
    submit(1);
    const { events, outcome } = run({ kind: 'cancel', ...keyed('c1', number, account) });
    expect(outcome.reason).toBe(Reason.ORDER_NOT_FOUND);
    expect(eventOf(events, 'commandRejected')).toMatchObject({ commandId: 'c1', accountId: account });
  });

  it('cancels all of an account, of a side, or of a book', () => {
    const { run, submit } = createDriver();
    submit(1);
    submit(2, { accountId: 'b' });
    submit(3, sell(110, 1, 'a'));
    const all = { kind: 'cancelAll', commandId: 'x', accountId: 'a', symbol: '', side: 0 } as const;
    expect(run({ ...all, side: Side.BUY }).outcome.cancelledCount).toBe(1);
    expect(run({ ...all, commandId: 'y' }).outcome.cancelledCount).toBe(1);
    const { events } = run({ ...all, commandId: 'z', accountId: '', symbol: 'ACME' });
    expect(eventOf(events, 'cancelled')).toMatchObject({ reason: CancelReason.OPERATOR, orderId: orderId(2) });
  });
});

describe('R10 void', () => {
  const voidOf = (number: number, accountId = 'a') =>
    ({ kind: 'void', orderId: orderId(number), idTimeMs: startMs, accountId, symbol: 'ACME' }) as const;

  it('ends a resting order', () => {
    const { run, submit } = createDriver();
    submit(1);
    expect(eventOf(run(voidOf(1)).events, 'cancelled').reason).toBe(CancelReason.VOIDED);
  });

  it('refuses an unknown id ever after', () => {
    const { run, submit } = createDriver();
    expect(kindsOf(run(voidOf(1)).events)).toEqual(['cancelled']);
    expect(submit(1).outcome).toMatchObject({ accepted: false, reason: Reason.ORDER_VOIDED });
    expect(run(voidOf(1)).events).toEqual([]);
  });

  it('is rejected for an order that traded whole, and accepted for one that was cancelled', () => {
    const { run, submit } = createDriver();
    submit(1);
    submit(2, sell(100));
    expect(run(voidOf(1)).outcome.reason).toBe(Reason.ORDER_ALREADY_FINAL);
    submit(3);
    run({ kind: 'cancel', ...keyed('c', 3) });
    expect(run(voidOf(3)).outcome.accepted).toBe(true);
  });
});

describe('R11 price band', () => {
  it('lets in both ends of the band and nothing beyond', () => {
    const { submit } = createDriver({ bandBps: 1_000, referencePriceTicks: 105 });
    const low = submit(1, { priceTicks: 94 }).outcome;
    expect(low).toMatchObject({ reason: Reason.PRICE_OUT_OF_BAND, detailA: 95, detailB: 115 });
    expect(submit(2, { priceTicks: 95 }).outcome.accepted).toBe(true);
    expect(submit(3, sell(116)).outcome.accepted).toBe(false);
    expect(submit(4, sell(115)).outcome.accepted).toBe(true);
  });

  it('moves with the last trade', () => {
    const { submit } = createDriver({ bandBps: 1_000, referencePriceTicks: 100 });
    submit(1, sell(110));
    submit(2, { priceTicks: 110 });
    expect(submit(3, { priceTicks: 121 }).outcome.accepted).toBe(true);
    expect(submit(4, { priceTicks: 98 }).outcome.reason).toBe(Reason.PRICE_OUT_OF_BAND);
  });
});

describe('R12 trading states', () => {
  const setState = (commandId: string, state: TradingState) =>
    ({ kind: 'setState', commandId, symbol: 'ACME', state }) as const;

  it('takes cancels and no orders while a book is halted or closed', () => {
    const { run, submit } = createDriver();
    submit(1);
    submit(2);
    run(setState('s1', TradingState.HALTED));
    expect(submit(3).outcome.reason).toBe(Reason.INSTRUMENT_HALTED);
    expect(run(change('r', 1, 99, 1)).outcome.reason).toBe(Reason.INSTRUMENT_HALTED);
    expect(run({ kind: 'cancel', ...keyed('c1', 1) }).outcome.accepted).toBe(true);
    run(setState('s2', TradingState.CLOSED));
    expect(submit(4).outcome).toMatchObject({ reason: Reason.INSTRUMENT_NOT_TRADING, detailA: TradingState.CLOSED });
    run(setState('s3', TradingState.CONTINUOUS));
    expect(tradesOf(submit(5, sell(100)).events)).toEqual(['100x10 2/5']);
  });

  it('cancels what rests when a book is delisted, for good', () => {
    const { run, submit } = createDriver();
    submit(1);
    const { events } = run(setState('s1', TradingState.DELISTED));
    expect(kindsOf(events)).toEqual(['stateChanged', 'cancelled']);
    expect(eventOf(events, 'cancelled')).toMatchObject({ reason: CancelReason.OPERATOR, commandId: 's1' });
    expect(run(setState('s2', TradingState.CONTINUOUS)).outcome.reason).toBe(Reason.INSTRUMENT_NOT_TRADING);
  });
});
