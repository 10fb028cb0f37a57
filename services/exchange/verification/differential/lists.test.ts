import { describe, expect, it } from 'vitest';
import {
  CancelReason,
  ListType,
  OrderType,
  SelfTrade,
  Side,
  TimeInForce,
  TradingState,
} from '../../engine/model/codes.ts';
import { plainChange, type SubmitCommand, type SubmitListCommand } from '../../engine/model/commands.ts';
import { order, orderId, startMs } from '../../engine/testing/driver.ts';
import { createPairDriver } from '../random/pair-driver.ts';

const { LIST, DISCONNECTED, EXPIRED, CORPORATE_ACTION } = CancelReason;
const keyed = { accountId: 'a', symbol: 'ACME' };

function list(type: ListType, orders: [number, Partial<SubmitCommand>][]): SubmitListCommand {
  return {
    kind: 'submitList',
    listId: orderId(900),
    type,
    orders: orders.map(([number, terms]) => order(number, terms)),
  };
}

const takeProfit = { side: Side.SELL, priceTicks: 105 } as const;
const stopLoss = { side: Side.SELL, type: OrderType.STOP, stopPriceTicks: 95, priceTicks: 90 } as const;

describe('R27 lists', () => {
  it('increases exits with each fill of the entry: the limit enters again, the stop retains its priority', () => {
    const { run, submit } = createPairDriver();
    run(
      list(ListType.BRACKET, [
        [1, {}],
        [2, takeProfit],
        [3, stopLoss],
      ]),
    );
    const sell = { side: Side.SELL, accountId: 's', priceTicks: 100 } as const;
    expect(submit(4, { ...sell, quantityLots: 4 }).slice(2)).toEqual([
      'replaced 2 4 of 4@105 anew',
      'replaced 3 4 of 4@90 anew',
    ]);
    expect(submit(5, { ...sell, quantityLots: 6 }).slice(2)).toEqual([
      'replaced 2 10 of 10@105 anew',
      'replaced 3 10 of 10@90 kept',
    ]);
  });

  it('cancels the exits of an entry that ends without having traded', () => {
    const { run } = createPairDriver();
    expect(
      run(
        list(ListType.OTO, [
          [1, { timeInForce: TimeInForce.IOC }],
          [2, takeProfit],
        ]),
      ),
    ).toEqual([...['accepted 1', 'accepted 2', 'cancelled 1 2 10', `cancelled 2 ${LIST} 0`]]);
  });
});

describe('R28 one of two', () => {
  it('lets one sweep of both exits fill no more than the position', () => {
    const { run, submit } = createPairDriver();
    run(
      list(ListType.OCO, [
        [1, { side: Side.SELL, priceTicks: 101 }],
        [2, { side: Side.SELL, priceTicks: 102 }],
      ]),
    );
    expect(submit(3, { accountId: 'b', priceTicks: 102, quantityLots: 4 })).toEqual([
      ...['accepted 3', 'traded 4@101 1/3', 'replaced 2 6 of 6@102 kept'],
    ]);
    expect(submit(4, { accountId: 'b', priceTicks: 102, quantityLots: 20 })).toEqual([
      ...['accepted 4', 'traded 6@101 1/4', `cancelled 2 ${LIST} 6`],
    ]);
  });

  it('cancels what is left of the entry when an exit trades', () => {
    const { run, submit } = createPairDriver();
    run(
      list(ListType.OTO, [
        [1, {}],
        [2, takeProfit],
      ]),
    );
    submit(3, { side: Side.SELL, accountId: 's', priceTicks: 100, quantityLots: 4 });
    expect(submit(4, { accountId: 'b', priceTicks: 105, quantityLots: 1 })).toEqual([
      ...['accepted 4', 'traded 1@105 2/4', `cancelled 1 ${LIST} 6`],
    ]);
  });
});

describe('R29 ends together', () => {
  it('ends the other exit and the entry with an exit, and passes over what ended so', () => {
    const { run, submit } = createPairDriver();
    run(
      list(ListType.BRACKET, [
        [1, {}],
        [2, takeProfit],
        [3, stopLoss],
      ]),
    );
    submit(4, { side: Side.SELL, accountId: 's', priceTicks: 100, quantityLots: 4 });
    const all = { kind: 'cancelAll', commandId: 'all', ...keyed, side: Side.SELL } as const;
    expect(run(all)).toEqual(['cancelled 2 1 4', `cancelled 3 ${LIST} 4`, `cancelled 1 ${LIST} 6`]);
  });

  it('passes over the arriving order that ended with the first of cancel both', () => {
    const { run } = createPairDriver();
    const both = { selfTrade: SelfTrade.CANCEL_BOTH };
    run(
      list(ListType.OCO, [
        [1, { side: Side.SELL, priceTicks: 101, ...both }],
        [2, { ...stopLoss, ...both }],
      ]),
    );
    run(order(3, { accountId: 'b', priceTicks: 90 }));
    run(order(5, { priceTicks: 99, ...both }));
    const change = { commandId: 'r', expectedRevision: 1, quantityLots: 10, ...plainChange, priceTicks: 99 };
    expect(run({ kind: 'replace', ...change, orderId: orderId(1), ...keyed })).toEqual([
      ...['replaced 1 10 of 10@99 anew', 'cancelled 5 3 10', 'cancelled 1 3 10', `cancelled 2 ${LIST} 10`],
    ]);
  });
});

describe('R31 session', () => {
  it('cancels its orders in the order of their acceptance when it ends, then expires orders by their time', () => {
    const { run } = createPairDriver();
    run({ kind: 'keepAlive', sessionId: 's', accountId: 'a', ttlMs: 100 });
    run(order(1, { sessionId: 's', priceTicks: 90 }));
    run(order(2, { sessionId: 's', priceTicks: 91 }));
    run(order(3, { accountId: 'b', timeInForce: TimeInForce.GTD, expireTimeMs: startMs + 99 }));
    run(order(4, { accountId: 'b', timeInForce: TimeInForce.GTD, expireTimeMs: startMs + 98 }));
    expect(run({ kind: 'time' }, startMs + 100)).toEqual([
      ...[`cancelled 1 ${DISCONNECTED} 10`, `cancelled 2 ${DISCONNECTED} 10`],
      ...[`cancelled 4 ${EXPIRED} 10`, `cancelled 3 ${EXPIRED} 10`],
    ]);
  });
});

describe('R33 split', () => {
  it('rewrites orders in the order of a mass cancel, and cancels those of which nothing is left', () => {
    const { run } = createPairDriver();
    run(order(1, { side: Side.SELL, accountId: 's', priceTicks: 105, quantityLots: 1 }));
    run(order(2, { priceTicks: 99, quantityLots: 3 }));
    run(
      order(3, {
        side: Side.SELL,
        accountId: 's',
        type: OrderType.STOP,
        stopPriceTicks: 97,
        priceTicks: 95,
        quantityLots: 5,
      }),
    );
    run(order(4, { priceTicks: 1, quantityLots: 4 }));
    expect(run({ kind: 'split', commandId: 'x', symbol: 'ACME', numerator: 2, denominator: 1 })).toEqual([
      ...['split', 'replaced 2 6 of 6@49 kept', `cancelled 4 ${CORPORATE_ACTION} 4`],
      ...['replaced 1 2 of 2@53 kept', 'replaced 3 10 of 10@48 kept'],
    ]);
  });
});

describe('R26 change of state', () => {
  it('lets at-close orders enter the closing auction by place, and uncrosses before the day ends', () => {
    const { run } = createPairDriver();
    const atClose = { timeInForce: TimeInForce.AT_CLOSE };
    run(order(1, { ...atClose, priceTicks: 100 }));
    run(order(2, { ...atClose, side: Side.SELL, accountId: 's', priceTicks: 98, quantityLots: 4 }));
    run(order(3, { timeInForce: TimeInForce.DAY, priceTicks: 90, accountId: 'b' }));
    const to = (state: TradingState) => run({ kind: 'setState', commandId: `to ${state}`, symbol: 'ACME', state });
    expect(to(TradingState.CLOSING_AUCTION)).toEqual(['state 5 cause 0', 'triggered 1 0 by 0', 'triggered 2 0 by 0']);
    expect(to(TradingState.CLOSED)).toEqual([
      ...['state 6 cause 0', 'uncrossed 4@100', 'traded 4@100 1/2'],
      ...[`cancelled 1 ${EXPIRED} 6`, `cancelled 3 ${EXPIRED} 10`],
    ]);
  });
});
