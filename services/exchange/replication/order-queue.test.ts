import { describe, expect, it } from 'vitest';
import { Engine, ruleVersion } from '../engine/engine.ts';
import { OrderType, Side } from '../engine/model/codes.ts';
import { type Command, plainChange } from '../engine/model/commands.ts';
import { listing, order, orderId, startMs } from '../engine/testing/driver.ts';
import { type QueuePosition, readQueue } from './order-queue.ts';

function engineWith(commands: Command[]): Engine {
  const engine = new Engine();
  run(engine, [{ kind: 'rules', version: ruleVersion }, { kind: 'list', listing: listing() }, ...commands]);
  return engine;
}

function run(engine: Engine, commands: Command[]): void {
  engine.beginGroup(startMs);
  for (const command of commands) engine.apply(command);
  engine.endGroup();
}

function read(engine: Engine, side: Side = Side.BUY, after?: QueuePosition, limit = 100) {
  return readQueue(engine.state, { symbol: 'ACME', side, after, limit }).orders ?? [];
}

const cancel = (number: number): Command => ({
  ...{ kind: 'cancel', commandId: `c${number}`, orderId: orderId(number), accountId: 'a', symbol: 'ACME' },
});
const ids = (orders: { orderId: string }[]) => orders.map((one) => one.orderId);
const orderIds = (...numbers: number[]) => numbers.map((number) => orderId(number));

describe('readQueue', () => {
  it('returns best prices first, at one price the earliest first, and only shown lots', () => {
    const engine = engineWith([
      ...[order(1, { priceTicks: 98 }), order(2), order(3, { priceTicks: 99, accountId: 'b' }), order(4)],
      order(5, { type: OrderType.ICEBERG, displayLots: 3, priceTicks: 99 }),
      order(6, { type: OrderType.STOP, stopPriceTicks: 120, priceTicks: 130 }),
      ...[order(7, { side: Side.SELL, priceTicks: 103 }), order(8, { side: Side.SELL, priceTicks: 102 })],
    ]);
    expect(ids(read(engine))).toEqual(orderIds(2, 4, 3, 5, 1));
    expect(ids(read(engine, Side.SELL))).toEqual(orderIds(8, 7));
    expect(read(engine)[3]).toMatchObject({ priceTicks: 99, shownLots: 3, accountId: 'a' });
    expect(readQueue(engine.state, { symbol: 'NONE', side: Side.BUY, after: undefined, limit: 1 })).toEqual({
      ...{ sequence: engine.state.sequence, orders: undefined },
    });
  });

  it('continues behind any order, also when that one, its level or those before it ended', () => {
    const numbers = Array.from({ length: 12 }, (_, i) => i + 1);
    const make = () => engineWith(numbers.map((number) => order(number, { priceTicks: 100 - Math.floor(number / 4) })));
    const all = read(make());
    for (const [at, after] of all.entries()) {
      expect(read(make(), Side.BUY, after)).toEqual(all.slice(at + 1));
      for (let gone = 0; gone <= at; gone++) {
        const engine = make();
        run(
          engine,
          all.slice(gone, at + 1).map((_, i) => cancel(gone + i + 1)),
        );
        expect(ids(read(engine, Side.BUY, after))).toEqual(ids(all.slice(at + 1)));
      }
    }
    expect(read(make(), Side.BUY, all[2], 3)).toEqual(all.slice(3, 6));
  });

  it('returns an order that lost its priority again, at its new position', () => {
    const engine = engineWith([order(1), order(2), order(3)]);
    const [first] = read(engine, Side.BUY, undefined, 1);
    const keyed = { orderId: orderId(1), accountId: 'a', symbol: 'ACME' };
    const terms = { expectedRevision: 1, priceTicks: 100, quantityLots: 50, ...plainChange };
    run(engine, [{ kind: 'replace', commandId: 'r', ...keyed, ...terms }]);
    expect(ids(read(engine, Side.BUY, first))).toEqual(orderIds(2, 3, 1));
  });
});
