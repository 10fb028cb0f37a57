/** Rules of the rulebook about keys, memory and events: each `describe` is a rule's number and name. */
import { describe, expect, it } from 'vitest';
import { Reason, Side, TimeInForce } from './model/codes.ts';
import { plainChange } from './model/commands.ts';
import { createDriver, kindsOf, listing, order, orderId, startMs } from './testing/driver.ts';

const hourMs = 3_600_000;
const keyed = (commandId: string, number: number) => ({
  ...{ commandId, orderId: orderId(number), accountId: 'a', symbol: 'ACME' },
});
const orderAt = (number: number, timeMs: number) =>
  order(number, { orderId: orderId(number, timeMs), idTimeMs: timeMs });

describe('R13 one outcome a key', () => {
  it('repeats the answer of an order that is dead by now, and refuses another body', () => {
    const { run, submit } = createDriver();
    const first = submit(1).outcome;
    run({ kind: 'cancel', ...keyed('c', 1) });
    expect(submit(1)).toEqual({ outcome: { ...first, effective: false }, events: [] });
    expect(submit(1, { quantityLots: 11 }).outcome.reason).toBe(Reason.ORDER_ID_REUSED);
    expect(submit(1, { accountId: 'b' }).outcome.reason).toBe(Reason.ORDER_ID_REUSED);
  });

  it('repeats a rejection', () => {
    const { submit } = createDriver({ bandBps: 100 });
    const first = submit(1, { priceTicks: 50 }).outcome;
    expect(first.accepted).toBe(false);
    expect(submit(1, { priceTicks: 50 }).outcome).toEqual({ ...first, effective: false });
  });

  it('repeats the outcome of a command id, and refuses another body under it', () => {
    const { run, submit } = createDriver();
    submit(1);
    submit(2);
    const first = run({ kind: 'cancel', ...keyed('c', 1) }).outcome;
    expect(run({ kind: 'cancel', ...keyed('c', 1) })).toEqual({ outcome: { ...first, effective: false }, events: [] });
    expect(run({ kind: 'cancel', ...keyed('c', 2) }).outcome.reason).toBe(Reason.KEY_REUSED);
  });
});

describe('R14 retention of a day', () => {
  it('remembers a final id for 24 hours of journalled time, and then refuses it by its age', () => {
    const { run, submit } = createDriver();
    const first = submit(1, { timeInForce: TimeInForce.IOC }).outcome;
    const again = order(1, { timeInForce: TimeInForce.IOC });
    expect(run(again, startMs + 24 * hourMs).outcome).toEqual({ ...first, effective: false });
    run(orderAt(2, startMs + 25 * hourMs), startMs + 25 * hourMs);
    expect(run(again, startMs + 25 * hourMs).outcome.reason).toBe(Reason.ORDER_ID_EXPIRED);
  });

  it('never forgets an order that rests', () => {
    const { run, submit } = createDriver();
    submit(1);
    run(orderAt(2, startMs + 90 * hourMs), startMs + 90 * hourMs);
    expect(run({ kind: 'cancel', ...keyed('c', 1) }, startMs + 91 * hourMs).outcome.accepted).toBe(true);
  });

  it('forgets command ids too, and takes them out of the hash', () => {
    const { run, engine } = createDriver();
    for (let i = 0; i < 300; i++) run({ kind: 'cancel', ...keyed(i % 2 === 0 ? `c${i}` : orderId(i), i) });
    expect(engine.state.commandHash.low).not.toBe(0);
    run(orderAt(1, startMs + 30 * hourMs), startMs + 30 * hourMs);
    expect([engine.state.commands.find('c4'), engine.state.commands.find(orderId(5))]).toEqual([-1, -1]);
    expect([engine.state.commandHash.low, engine.state.commandHash.high]).toEqual([0, 0]);
  });

  it('rejects an id from the future, and refuses it as long as it could be taken', () => {
    const { run } = createDriver();
    const early = orderAt(1, startMs + 2 * hourMs);
    const first = run(early);
    expect(first.outcome).toMatchObject({ effective: true, reason: Reason.INVALID_FIELD, feedSequence: 3 });
    expect(kindsOf(first.events)).toEqual(['rejected']);
    // Forgotten after a day it would be taken now: its own time is no day ago.
    run(orderAt(2, startMs + 25 * hourMs), startMs + 25 * hourMs);
    expect(run(early, startMs + 25 * hourMs).outcome).toEqual({ ...first.outcome, effective: false });
  });
});

describe('R15 one change a level', () => {
  it('emits each level once a command, with its net change', () => {
    const { run, submit } = createDriver();
    submit(1);
    submit(2, { side: Side.SELL, priceTicks: 101, accountId: 's' });
    const terms = { expectedRevision: 1, priceTicks: 100, quantityLots: 12 };
    const { events } = run({ kind: 'replace', ...keyed('r', 1), ...terms, ...plainChange });
    expect(events.filter(({ kind }) => kind === 'levelChanged')).toEqual([
      { kind: 'levelChanged', symbol: 'ACME', side: Side.BUY, priceTicks: 100, quantityLots: 12, orderCount: 1 },
    ]);
  });

  it('leaves no trace of commands but Submit and Void that name nothing known', () => {
    const { engine, run } = createDriver();
    const before = engine.stateHash();
    const { outcome } = run({ kind: 'cancel', ...keyed('c', 1), symbol: 'NONE' }, startMs + hourMs);
    expect(outcome).toMatchObject({ effective: false, reason: Reason.SYMBOL_UNKNOWN });
    expect(engine.stateHash()).toBe(before);
  });
});

describe('R13 and R10 without a book', () => {
  const voidOf = (number: number) => ({
    ...({ kind: 'void', orderId: orderId(number), idTimeMs: startMs, accountId: 'a', symbol: 'NONE' } as const),
  });

  it('a Submit of an unknown symbol has one outcome, on the feed, and repeats it when the symbol is listed', () => {
    const { run, submit } = createDriver();
    const first = submit(1, { symbol: 'NONE' });
    expect(first.outcome).toMatchObject({ effective: true, reason: Reason.SYMBOL_UNKNOWN, feedSequence: 3 });
    expect(first.events).toMatchObject([{ kind: 'rejected', symbol: 'NONE', orderId: orderId(1), accountId: 'a' }]);
    run({ kind: 'list', listing: listing({ symbol: 'NONE' }) });
    expect(submit(1, { symbol: 'NONE' })).toEqual({ outcome: { ...first.outcome, effective: false }, events: [] });
  });

  it('a Void of an unknown symbol leaves its mark', () => {
    const { run, submit } = createDriver();
    expect(run(voidOf(1)).outcome).toMatchObject({ effective: true, accepted: true, feedSequence: 3 });
    run({ kind: 'list', listing: listing({ symbol: 'NONE' }) });
    expect(submit(1, { symbol: 'NONE' }).outcome).toMatchObject({ reason: Reason.ORDER_VOIDED, feedSequence: 3 });
  });

  it('under the rules before neither leaves a trace', () => {
    const { engine, run, submit } = createDriver();
    run({ kind: 'rules', version: 3 });
    const before = engine.stateHash();
    expect(submit(1, { symbol: 'NONE' }).outcome).toMatchObject({ effective: false, reason: Reason.SYMBOL_UNKNOWN });
    expect(run(voidOf(1)).outcome).toMatchObject({ effective: false, reason: Reason.SYMBOL_UNKNOWN });
    const early = orderAt(1, startMs + hourMs);
    expect(run(early).outcome).toMatchObject({ effective: false, reason: Reason.INVALID_FIELD });
    expect(engine.stateHash()).toBe(before);
  });
});
