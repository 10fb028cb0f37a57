import { describe, expect, it } from 'vitest';
import { OrderType, Reason, SelfTrade, Side, TimeInForce, TradingState } from '../../engine/model/codes.ts';
import { plainChange } from '../../engine/model/commands.ts';
import { orderId, startMs } from '../../engine/testing/driver.ts';
import { createPairDriver } from '../random/pair-driver.ts';

const sell = { side: Side.SELL, accountId: 's' } as const;
const { STOP, STOP_LIMIT, TRAILING_STOP, ICEBERG } = OrderType;

describe('R5 FOK', () => {
  it('counts no later slice of an iceberg in front of an order of its own group, which would end it in part', () => {
    const { submit, reason } = createPairDriver();
    submit(1, { ...sell, type: ICEBERG, displayLots: 2, priceTicks: 100 });
    submit(2, { side: Side.SELL, priceTicks: 100 });
    expect(submit(3, { timeInForce: TimeInForce.FOK, quantityLots: 5 })).toEqual([
      `rejected 3 ${Reason.FILL_OR_KILL_UNFILLED}`,
    ]);
    submit(4, { timeInForce: TimeInForce.FOK, quantityLots: 2 });
    expect(reason()).toBe(Reason.NONE);
  });

  it('counts all lots of an iceberg where it passes its own group', () => {
    const { submit } = createPairDriver();
    submit(1, { ...sell, type: ICEBERG, displayLots: 4, priceTicks: 100 });
    submit(2, { side: Side.SELL, priceTicks: 100 });
    const fok = { timeInForce: TimeInForce.FOK, quantityLots: 5, selfTrade: SelfTrade.CANCEL_OLDEST };
    expect(submit(3, fok)).toEqual([
      'accepted 3',
      'traded 4@100 1/3',
      'refreshed 1 4',
      'cancelled 2 3 10',
      'traded 1@100 1/3',
    ]);
  });

  it('takes its first price as the reference of a breaker that has none', () => {
    const breaker = { referencePriceTicks: 0, breakerBps: 100, breakerHaltMs: 10, breakerAuctionMs: 10 };
    const { submit } = createPairDriver(breaker);
    submit(1, { ...sell, priceTicks: 100, quantityLots: 3 });
    submit(2, { ...sell, priceTicks: 102, quantityLots: 7 });
    const fok = { timeInForce: TimeInForce.FOK, priceTicks: 110 };
    expect(submit(3, { ...fok, quantityLots: 4 })).toEqual([`rejected 3 ${Reason.FILL_OR_KILL_UNFILLED}`]);
    expect(submit(4, { ...fok, quantityLots: 3 })).toEqual(['accepted 4', 'traded 3@100 1/4']);
  });
});

describe('R6 post-only', () => {
  it('slides to one tick worse than the best opposite price, in a replace too', () => {
    const { submit, run } = createPairDriver();
    submit(1, { ...sell, priceTicks: 103 });
    const slid = submit(2, { priceTicks: 105, postOnly: true, slide: true });
    expect(slid).toEqual(['accepted 2', 'replaced 2 10 of 10@102 anew']);
    submit(3, { ...sell, priceTicks: 104, accountId: 't' });
    run({ kind: 'cancel', commandId: 'c', orderId: orderId(1), accountId: 's', symbol: 'ACME' });
    const change = { commandId: 'r', expectedRevision: 2, priceTicks: 110, quantityLots: 10, ...plainChange };
    const replaced = run({ kind: 'replace', ...change, orderId: orderId(2), accountId: 'a', symbol: 'ACME' });
    expect(replaced).toEqual(['replaced 2 10 of 10@103 anew']);
  });
});

describe('R18 order of stops', () => {
  it('elects buys from the lowest stop price up, then sells from the highest down, and lets what they elect enter behind', () => {
    const { submit } = createPairDriver({ referencePriceTicks: 0 });
    submit(1, { ...sell, priceTicks: 100, quantityLots: 1 });
    submit(2, { ...sell, priceTicks: 104, quantityLots: 30 });
    submit(3, { type: STOP, stopPriceTicks: 100, priceTicks: 104, quantityLots: 1, accountId: 'b' });
    submit(4, { type: STOP, stopPriceTicks: 99, priceTicks: 104, quantityLots: 1, accountId: 'c' });
    submit(5, { type: STOP, stopPriceTicks: 104, priceTicks: 104, quantityLots: 1, accountId: 'd' });
    submit(6, { ...sell, type: STOP_LIMIT, stopPriceTicks: 101, priceTicks: 120, accountId: 't' });
    expect(submit(7, { quantityLots: 1 }).slice(2)).toEqual([
      ...['triggered 4 99 by 100', 'traded 1@104 2/4', 'triggered 3 100 by 100', 'traded 1@104 2/3'],
      ...['triggered 6 101 by 100', 'triggered 5 104 by 104', 'traded 1@104 2/5'],
    ]);
  });
});

describe('R19 trailing stop', () => {
  it('follows the highest price and enters at a worst price of its own', () => {
    const { submit } = createPairDriver();
    submit(1, { ...sell, type: TRAILING_STOP, trailBps: 150, priceTicks: 1, accountId: 't' });
    submit(2, { ...sell, priceTicks: 105, quantityLots: 1 });
    submit(3, { priceTicks: 105, quantityLots: 1 });
    submit(4, { priceTicks: 103, quantityLots: 2, accountId: 'b' });
    expect(submit(5, { ...sell, priceTicks: 103, quantityLots: 1 }).slice(2)).toEqual([
      ...['triggered 1 103 by 103', 'traded 1@103 4/1', 'cancelled 1 2 9'],
    ]);
  });
});

describe('R20 iceberg', () => {
  it('shows the next slice behind all others, and leaves a slice that an auction did not trade', () => {
    const { submit, run } = createPairDriver();
    submit(1, { ...sell, type: ICEBERG, displayLots: 3 });
    submit(2, { ...sell, accountId: 't' });
    expect(submit(3, { quantityLots: 4 })).toEqual([
      'accepted 3',
      'traded 3@100 1/3',
      'refreshed 1 3',
      'traded 1@100 2/3',
    ]);
    run({ kind: 'setState', commandId: 'p', symbol: 'ACME', state: TradingState.PRE_OPEN });
    submit(4, { quantityLots: 5 });
    const opened = run({ kind: 'setState', commandId: 'c', symbol: 'ACME', state: TradingState.CONTINUOUS });
    expect(opened).toEqual(['state 3 cause 0', 'uncrossed 5@100', 'traded 5@100 2/4']);
  });
});

describe('R24 circuit breaker', () => {
  it('halts instead of the trade, rests what crosses, lets elected stops wait again, and reopens by auction in time', () => {
    const { submit, run } = createPairDriver({ breakerBps: 200, breakerHaltMs: 50, breakerAuctionMs: 20 });
    submit(1, { ...sell, priceTicks: 101, quantityLots: 1 });
    submit(2, { ...sell, priceTicks: 103, quantityLots: 9 });
    submit(3, { type: STOP, stopPriceTicks: 101, priceTicks: 110, accountId: 'b', quantityLots: 2 });
    expect(submit(4, { priceTicks: 103, quantityLots: 5 })).toEqual([
      'accepted 4',
      'traded 1@101 1/4',
      'state 4 cause 1',
    ]);
    expect(run({ kind: 'time' }, startMs + 49)).toEqual([]);
    expect(run({ kind: 'time' }, startMs + 70)).toEqual([
      ...['state 2 cause 2', 'state 3 cause 2', 'uncrossed 4@103', 'traded 4@103 2/4'],
      ...['triggered 3 101 by 103', 'traded 2@103 2/3'],
    ]);
  });
});
