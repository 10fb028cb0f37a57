import { describe, expect, it } from 'vitest';
import {
  CancelReason,
  ListType,
  OrderType,
  Reason,
  SelfTrade,
  Side,
  TimeInForce,
  TradingState,
} from '../../engine/model/codes.ts';
import type { Command } from '../../engine/model/commands.ts';
import type { EngineEvent } from '../../engine/model/events.ts';
import { outcome } from '../../engine/state/engine-state.ts';
import { parseCases } from './case-file.ts';
import { CaseNames, caseStartMs } from './case-names.ts';
import { parseCommand } from './command-line.ts';
import { formatEvent } from './event-line.ts';
import { expectedLines, runCase } from './run-case.ts';

const parse = (command: string, names = new CaseNames(), orders: string[] = []) =>
  parseCommand({ line: 7, command, orders, expected: [] }, names);

describe('parseCases', () => {
  it('reads titles, commands, orders of lists, events and changes of time, and leaves remarks out', () => {
    const text = '-- why\n# R1: one\n> oco L\n>> new a sue sell 1@2\naccepted a\n\nat 5s\n> time\n# R2: two\n> time\n';
    const [one, two] = parseCases(text);
    expect(one).toMatchObject({ title: 'R1: one', line: 2 });
    expect(one?.steps).toEqual([
      { line: 3, command: 'oco L', orders: ['new a sue sell 1@2'], expected: ['accepted a'] },
      { line: 7, command: 'at 5s', orders: [], expected: [] },
      { line: 8, command: 'time', orders: [], expected: [] },
    ]);
    expect(two?.steps).toHaveLength(1);
  });

  it('refuses what stands before a case or a command', () => {
    expect(() => parseCases('> time')).toThrow('line 1: no case has begun');
    expect(() => parseCases('# R1: one\naccepted a')).toThrow('line 2: an event without a command');
    expect(() => parseCases('# R1: one\nat 5s\naccepted a')).toThrow('line 3: an event without a command');
  });
});

describe('parseCommand', () => {
  it('reads a plain order', () => {
    const names = new CaseNames();
    const order = parse('new b1 bob buy 10@101', names);
    expect(order).toMatchObject({
      kind: 'submit',
      accountId: 'bob',
      symbol: 'ACME',
      side: Side.BUY,
      type: OrderType.LIMIT,
    });
    expect(order).toMatchObject({ quantityLots: 10, priceTicks: 101, timeInForce: TimeInForce.GTC, postOnly: false });
    expect(order).toMatchObject({ orderId: names.idOf('b1').id, idTimeMs: caseStartMs });
  });

  it('reads the terms of all types', () => {
    const stop = { type: OrderType.STOP, stopPriceTicks: 95, timeInForce: TimeInForce.DAY };
    expect(parse('stop x bob sell 1@90 at 95 day')).toMatchObject(stop);
    expect(parse('trail x bob sell 1@90 by 5')).toMatchObject({
      type: OrderType.TRAILING_STOP,
      trailTicks: 5,
      trailBps: 0,
    });
    expect(parse('trail x bob sell 1@90 by 500bps')).toMatchObject({ trailTicks: 0, trailBps: 500 });
    expect(parse('iceberg x bob sell 9@90 show 3 slide')).toMatchObject({
      displayLots: 3,
      postOnly: true,
      slide: true,
    });
    expect(parse('new x bob buy 9@90 ioc value 805 clip')).toMatchObject({ valueMax: 805, withinBand: true });
    const rich = 'new x bob sell 9@90 gtd 1m30s min 3 group desk decrement session S in BETA born 5ms';
    expect(parse(rich)).toMatchObject({
      ...{ timeInForce: TimeInForce.GTD, expireTimeMs: caseStartMs + 90_000, minimumLots: 3, selfTradeGroup: 'desk' },
      ...{ selfTrade: SelfTrade.DECREMENT, sessionId: 'S', symbol: 'BETA', idTimeMs: caseStartMs + 5 },
    });
  });

  it('reads lists, and commands on orders with their owner and last revision', () => {
    const names = new CaseNames();
    const list = parse('oco L', names, ['new x1 sue sell 5@101', 'new x2 sue sell 5@102']);
    expect(list).toMatchObject({
      kind: 'submitList',
      type: ListType.OCO,
      orders: [{ priceTicks: 101 }, { priceTicks: 102 }],
    });
    const order = parse('new b1 bob buy 10@101', names);
    if (order.kind !== 'submit') throw new Error('no order');
    names.submitted(order);
    expect(parse('cancel b1', names)).toMatchObject({ kind: 'cancel', commandId: 'line-7', accountId: 'bob' });
    expect(parse('replace b1 4@99 stop 95', names)).toMatchObject({
      expectedRevision: 1,
      quantityLots: 4,
      stopPriceTicks: 95,
    });
    expect(parse('replace b1 4@99 trail 500bps until 1h', names)).toMatchObject({
      trailTicks: 0,
      trailBps: 500,
      expireTimeMs: caseStartMs + 3_600_000,
    });
    expect(parse('void b1 by ben', names)).toMatchObject({ kind: 'void', accountId: 'ben' });
  });

  it('reads commands on books, sessions and time', () => {
    expect(parse('cancel-all of bob in BETA side sell as k')).toEqual({
      ...{ kind: 'cancelAll', commandId: 'k', accountId: 'bob', symbol: 'BETA', side: Side.SELL },
    });
    expect(parse('state closing-auction')).toMatchObject({ symbol: 'ACME', state: TradingState.CLOSING_AUCTION });
    expect(parse('split 2:3')).toMatchObject({ kind: 'split', numerator: 2, denominator: 3 });
    expect(parse('keepalive S bob 5s')).toEqual({ kind: 'keepAlive', sessionId: 'S', accountId: 'bob', ttlMs: 5_000 });
    const terms = {
      referencePriceTicks: 9,
      bandBps: 500,
      breakerBps: 100,
      breakerHaltMs: 5_000,
      breakerAuctionMs: 3_000,
    };
    expect(parse('list BETA ref 9 band 500 breaker 100 halt 5s auction 3s')).toMatchObject({ listing: terms });
    expect(parse('time')).toEqual({ kind: 'time' });
  });

  it('refuses words that mean nothing', () => {
    for (const line of [
      'new b1 bob buy 10',
      'new b1 bob hold 1@1',
      'new b1 bob buy 1@1 gct',
      'halt ACME',
      'state open',
    ]) {
      expect(() => parse(line)).toThrow(line);
    }
    expect(() => parse('keepalive S bob soon')).toThrow('"soon" means nothing');
  });
});

describe('formatEvent', () => {
  const names = new CaseNames();
  const command = parse('new b1 bob buy 10@101', names);
  if (command.kind === 'submit') names.submitted(command);
  const { id: orderId } = names.idOf('b1');
  const cancelled = {
    kind: 'cancelled',
    symbol: 'ACME',
    orderId,
    accountId: 'bob',
    remainingLots: 6,
    commandId: '',
  } as const;
  const format = (event: EngineEvent, of: Command = command) => formatEvent(event, of, names);

  it('describes events and names another book', () => {
    expect(format({ ...cancelled, reason: CancelReason.EXPIRED })).toBe('cancelled b1 EXPIRED open 6');
    const level = {
      kind: 'levelChanged',
      symbol: 'BETA',
      side: Side.SELL,
      priceTicks: 9,
      quantityLots: 0,
      orderCount: 0,
    } as const;
    expect(format(level)).toBe('BETA ask 9 gone');
    const rejected = {
      kind: 'rejected',
      symbol: 'ACME',
      orderId,
      accountId: 'bob',
      detailA: 95,
      detailB: 105,
    } as const;
    expect(format({ ...rejected, reason: Reason.PRICE_OUT_OF_BAND })).toBe('rejected b1 PRICE_OUT_OF_BAND 95..105');
  });

  it('shows an account, a side, a command id and terms that are wrong', () => {
    expect(format({ ...cancelled, reason: CancelReason.EXPIRED, accountId: 'eve' })).toContain('(of eve)');
    expect(format({ ...cancelled, reason: CancelReason.EXPIRED, commandId: 'k' })).toContain('(command "k")');
    const cancel = { kind: 'cancel', commandId: 'k', orderId, accountId: 'bob', symbol: 'ACME' } as const;
    expect(format({ ...cancelled, reason: CancelReason.REQUESTED }, cancel)).toContain('(command "")');
    const side = { orderId, accountId: 'bob', side: Side.SELL, remainingLots: 0 };
    const trade = { kind: 'traded', symbol: 'ACME', priceTicks: 9, quantityLots: 1, auction: false } as const;
    expect(format({ ...trade, maker: side, taker: side })).toContain('b1 on side 2');
    if (command.kind !== 'submit') throw new Error('no order');
    const { kind: _kind, idTimeMs: _time, symbol, ...order } = command;
    expect(format({ kind: 'accepted', symbol, order: { ...order, selfTradeGroup: 'bob' } })).toBe('accepted b1');
    expect(format({ kind: 'accepted', symbol, order: { ...order, selfTradeGroup: 'eve' } })).toContain('terms {');
  });
});

describe('runCase', () => {
  const [golden] = parseCases('# R4: a case\n> new b1 bob buy 1@1\nat 5s\n> time\nbid 1 gone');
  if (!golden) throw new Error('no case');

  it('returns the lines of the events, and a refusal without an event', () => {
    const run = () => ({ outcome: outcome(0, Reason.SYMBOL_UNKNOWN), events: [] });
    expect(runCase(golden, { run })).toEqual([
      ...['> new b1 bob buy 1@1', 'refused SYMBOL_UNKNOWN', '> at 5s', '> time', 'refused SYMBOL_UNKNOWN'],
    ]);
    expect(expectedLines(golden)).toEqual(['> new b1 bob buy 1@1', '> at 5s', '> time', 'bid 1 gone']);
  });

  it('shows an answer and a count that contradict the events', () => {
    const event = { kind: 'commandRejected', symbol: 'ACME', commandId: 'k', orderId: '', accountId: '' } as const;
    const events = [{ ...event, reason: Reason.ORDER_NOT_FOUND }];
    const [massCancel] = parseCases('# R9: a case\n> cancel-all of bob');
    if (!massCancel) throw new Error('no case');
    const run = () => ({ outcome: { ...outcome(0), cancelledCount: 1 }, events });
    expect(runCase(massCancel, { run }).at(-1)).toBe('answered accepted');
    const level = { kind: 'levelChanged', symbol: 'ACME', side: Side.BUY, priceTicks: 1, quantityLots: 1 } as const;
    const counting = () => ({ ...run(), events: [{ ...level, orderCount: 1 }] });
    expect(runCase(massCancel, { run: counting }).at(-1)).toBe('counted 1');
  });

  it('adds the numbers of an answer if the case has them', () => {
    const run = () => ({ outcome: { ...outcome(0), tradedLots: 3, restingLots: 2, revision: 4 }, events: [] });
    const [numbers] = parseCases('# R22: a case\n> new b1 bob buy 5@1\nanswer traded 5 open 0 rev 1\n> time');
    if (!numbers) throw new Error('no case');
    expect(runCase(numbers, { run })).toEqual(['> new b1 bob buy 5@1', 'answer traded 3 open 2 rev 4', '> time']);
  });

  it('lists the book that a case does not list, and carries commands out at their time', () => {
    const seen: [string, number][] = [];
    const run = (command: Command, timeMs: number) => {
      seen.push([command.kind, timeMs - caseStartMs]);
      return { outcome: outcome(0), events: [] };
    };
    runCase(golden, { run });
    expect(seen).toEqual([
      ['rules', 0],
      ['list', 0],
      ['submit', 0],
      ['time', 5_000],
    ]);
  });
});
