/** Rules of the rulebook about keys, memory and events: each `describe` is a rule's number and name. */
import { describe, expect, it } from 'vitest';
import { Reason, Side, TimeInForce } from './model/codes.ts';
import { createDriver, order, orderId, startMs } from './testing/driver.ts';

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

  it('refuses an id from the future', () => {
    const { run } = createDriver();
    expect(run(orderAt(1, startMs + hourMs)).outcome).toMatchObject({ effective: false, reason: Reason.INVALID_FIELD });
  });
});

describe('R15 one change a level', () => {
  it('emits each level once a command, with its net change', () => {
    const { run, submit } = createDriver();
    submit(1);
    submit(2, { side: Side.SELL, priceTicks: 101, accountId: 's' });
    const terms = { expectedRevision: 1, priceTicks: 100, quantityLots: 12 };
    const { events } = run({ kind: 'replace', ...keyed('r', 1), ...terms, stopPriceTicks: 0 });
    expect(events.filter(({ kind }) => kind === 'levelChanged')).toEqual([
      { kind: 'levelChanged', symbol: 'ACME', side: Side.BUY, priceTicks: 100, quantityLots: 12, orderCount: 1 },
    ]);
  });

  it('leaves no trace of commands that name nothing known', () => {
    const { engine, run, submit } = createDriver();
    const before = engine.stateHash();
    expect(submit(1, { symbol: 'NONE' }).outcome).toMatchObject({ effective: false, reason: Reason.SYMBOL_UNKNOWN });
    run({ kind: 'cancel', ...keyed('c', 1), symbol: 'NONE' }, startMs + hourMs);
    expect(engine.stateHash()).toBe(before);
  });
});
