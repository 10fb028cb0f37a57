import { describe, expect, it } from 'vitest';
import { Engine } from './engine.ts';
import { ListType, OrderType, Side, TimeInForce } from './model/codes.ts';
import { type Command, type Outcome, plainChange } from './model/commands.ts';
import { createDriver, listing, order, orderId, startMs } from './testing/driver.ts';

const sell = { side: Side.SELL, accountId: 's' } as const;
const stop = { ...sell, accountId: 't', type: OrderType.STOP, quantityLots: 5, priceTicks: 90 } as const;

function runGroup(engine: Engine, commands: readonly Command[]): Outcome[] {
  engine.beginGroup(startMs);
  const outcomes = commands.map((command) => engine.apply(command));
  engine.endGroup();
  return outcomes;
}

describe('R22 answers', () => {
  it('count what the command traded, not what others of its group did', () => {
    const engine = new Engine();
    const outcomes = runGroup(engine, [
      { kind: 'rules', version: 3 },
      { kind: 'list', listing: listing({ referencePriceTicks: 0 }) },
      order(1, { quantityLots: 20 }),
      order(2, { ...sell, quantityLots: 3 }),
      order(3, { ...sell, quantityLots: 6, priceTicks: 101 }),
      order(4, { ...stop, side: Side.BUY, stopPriceTicks: 101, priceTicks: 110 }),
      {
        ...{ kind: 'replace', commandId: 'raise', orderId: orderId(1), accountId: 'a', symbol: 'ACME' },
        ...{ expectedRevision: 1, priceTicks: 101, quantityLots: 20, ...plainChange },
      },
    ]);
    expect(outcomes.at(3)).toMatchObject({ tradedLots: 3, restingLots: 0 });
    expect(outcomes.at(-1)).toMatchObject({ tradedLots: 6, restingLots: 11, revision: 2 });
  });

  it('sum lots x price of what they count, exactly, and name the time of the command', () => {
    const { run, submit } = createDriver({ referencePriceTicks: 0 });
    const big = 2_147_483_647;
    submit(1, { ...sell, quantityLots: 2, priceTicks: 99 });
    submit(2, { ...sell, quantityLots: 3 });
    const fill = submit(3, { quantityLots: 4, timeInForce: TimeInForce.IOC });
    expect(fill.outcome).toMatchObject({ tradedLots: 4, tradedValue: 398n, timeMs: startMs });
    submit(4, { ...sell, quantityLots: 1, priceTicks: big - 1 });
    submit(5, { ...sell, quantityLots: big - 2, priceTicks: big });
    const large = submit(6, { quantityLots: big, priceTicks: big }).outcome;
    const value = 100n + BigInt(big - 1) + BigInt(big - 2) * BigInt(big);
    expect(large).toMatchObject({ tradedLots: big, tradedValue: value });
    const again = run(order(6, { quantityLots: big, priceTicks: big }), startMs + 60_000).outcome;
    expect(again).toEqual({ ...large, effective: false });
  });

  it('of a replace sum what it traded alone, and say so again', () => {
    const { run, submit } = createDriver({ referencePriceTicks: 0 });
    submit(1, { ...sell, quantityLots: 2 });
    submit(2, { ...sell, quantityLots: 3, priceTicks: 101 });
    submit(3, { quantityLots: 10 });
    const terms = { expectedRevision: 1, priceTicks: 101, quantityLots: 10, ...plainChange };
    const raise = {
      kind: 'replace',
      commandId: 'r',
      orderId: orderId(3),
      accountId: 'a',
      symbol: 'ACME',
      ...terms,
    } as const;
    const { outcome } = run(raise, startMs + 5);
    expect(outcome).toMatchObject({ tradedLots: 3, tradedValue: 303n, timeMs: startMs + 5 });
    expect(run(raise, startMs + 9).outcome).toEqual({ ...outcome, effective: false });
  });

  it('that change nothing have no time, but for that of the first', () => {
    const { run, submit } = createDriver();
    const cancel = { commandId: 'c', orderId: orderId(1), accountId: 'a', symbol: 'ACME' } as const;
    submit(1);
    expect(run({ kind: 'cancel', ...cancel }, startMs + 5).outcome).toMatchObject({ timeMs: startMs + 5 });
    expect(run({ kind: 'cancel', ...cancel }, startMs + 9).outcome).toMatchObject({ timeMs: startMs + 5 });
    const voided = { kind: 'void', orderId: orderId(1), idTimeMs: startMs, accountId: 'a', symbol: 'ACME' } as const;
    expect(run(voided, startMs + 9).outcome).toMatchObject({ effective: false, timeMs: startMs + 5 });
    expect(submit(1, { quantityLots: 11 }).outcome).toMatchObject({ accepted: false, timeMs: 0 });
  });

  it('of rule version 2 count what was so before anything followed', () => {
    const { run, submit } = createDriver({ referencePriceTicks: 0 });
    run({ kind: 'rules', version: 2 });
    submit(1, { ...sell, quantityLots: 6 });
    submit(2, { ...stop, stopPriceTicks: 100 });
    const { outcome } = submit(3, { quantityLots: 10 });
    expect(outcome).toMatchObject({ tradedLots: 6, tradedValue: 600n, restingLots: 4 });
    submit(4, { quantityLots: 3 });
    const orders = [order(5, { ...sell, priceTicks: 110 }), order(6, { ...sell, priceTicks: 100 })];
    const list = run({ kind: 'submitList', listId: orderId(9), type: ListType.OCO, orders });
    expect(list.outcome).toMatchObject({ tradedLots: 3, restingLots: 17 });
  });

  it('are repeated after a change of the rules as they were given first', () => {
    const { run, submit } = createDriver({ referencePriceTicks: 0 });
    run({ kind: 'rules', version: 2 });
    submit(1, { ...sell, quantityLots: 6 });
    submit(2, { ...stop, stopPriceTicks: 100 });
    const { outcome } = submit(3, { quantityLots: 10 });
    run({ kind: 'rules', version: 3 });
    expect(submit(3, { quantityLots: 10 }).outcome).toEqual({ ...outcome, effective: false });
  });
});
