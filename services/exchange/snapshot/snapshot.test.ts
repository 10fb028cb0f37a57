import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Engine, ruleVersion } from '../engine/engine.ts';
import { readEvents } from '../engine/event-reader.ts';
import { ListType, SelfTrade, Side, TimeInForce, TradingState } from '../engine/model/codes.ts';
import { type Command, type Outcome, plainChange } from '../engine/model/commands.ts';
import type { EngineEvent } from '../engine/model/events.ts';
import { EngineState } from '../engine/state/engine-state.ts';
import { captureState } from '../engine/state-image.ts';
import { listing, order, orderId, startMs } from '../engine/testing/driver.ts';
import { checkState } from '../verification/random/check-state.ts';
import { randomCommands } from '../verification/random/random-commands.ts';
import { ImageDecoder } from './decode-image.ts';
import { encodeImage } from './encode-image.ts';

const dayMs = 86_400_000;

function run(engine: Engine, commands: readonly Command[], timeMs = startMs): EngineEvent[] {
  engine.beginGroup(timeMs);
  for (const command of commands) engine.apply(command);
  const events = readEvents(engine.state, engine.effective);
  engine.endGroup();
  engine.stateHash();
  return events;
}

function partsOf(engine: Engine): Uint8Array[] {
  const image = captureState(engine.state);
  const parts = [...encodeImage(image)].filter((part) => part !== undefined);
  image.release();
  return parts;
}

function decode(parts: readonly Uint8Array[], format?: number): Engine {
  const decoder = new ImageDecoder(format);
  for (const part of parts) decoder.add(part);
  return decoder.finish();
}

const big = 2_147_483_647;
const keyed = { accountId: 'a', symbol: 'ACME' };

/** A state in which every part of a snapshot holds something: all statuses, both kinds of command id, a band that moved. */
function richEngine(): Engine {
  const engine = new Engine();
  run(engine, [{ kind: 'rules', version: 1 }]);
  run(engine, [
    { kind: 'list', listing: listing() },
    { kind: 'list', listing: listing({ symbol: 'B', bandBps: 500 }) },
  ]);
  run(engine, [order(1), order(2, { quantityLots: big, selfTradeGroup: 'desk' }), order(3, { accountId: 'ü' })]);
  run(engine, [order(4, { side: Side.SELL, accountId: 's', quantityLots: 13, selfTrade: SelfTrade.DECREMENT })]);
  run(engine, [order(5, { timeInForce: TimeInForce.FOK, side: Side.SELL, priceTicks: 500 })]);
  run(engine, [order(6, { symbol: 'B', priceTicks: 103 }), order(7, { symbol: 'B', side: Side.SELL, accountId: 's' })]);
  run(engine, [order(8, { symbol: 'B', priceTicks: 200 })]);
  run(engine, [{ kind: 'void', orderId: orderId(9), idTimeMs: startMs, ...keyed }]);
  run(engine, [
    {
      kind: 'replace',
      commandId: 'r',
      orderId: orderId(2),
      ...keyed,
      expectedRevision: 1,
      priceTicks: 99,
      quantityLots: 50,
      ...plainChange,
    },
  ]);
  run(engine, [{ kind: 'cancel', commandId: orderId(77), orderId: orderId(3), accountId: 'ü', symbol: 'ACME' }]);
  run(engine, [{ kind: 'setState', commandId: 'halt', symbol: 'B', state: TradingState.HALTED }], startMs + 5);
  return engine;
}

describe('encodeImage', () => {
  it('holds every part of the state: a decoded engine has the hash, the books, the answers and the memory of the first', () => {
    const engine = richEngine();
    const restored = decode(partsOf(engine));
    expect(restored.stateHash()).toBe(engine.stateHash());
    expect(captureState(restored.state).books).toEqual(captureState(engine.state).books);
    expect([...captureState(restored.state).commands.records()]).toEqual([
      ...captureState(engine.state).commands.records(),
    ]);
    const numbers = ({ state }: Engine) => [
      ...[state.nowMs, state.sequence, state.tradeCount, state.restingCount, state.ruleVersion],
      ...state.books.flatMap(({ bandLow, bandHigh }) => [bandLow, bandHigh]),
    ];
    expect(numbers(restored)).toEqual(numbers(engine));
    checkState(restored.state);
    const repeats: Command[] = [
      ...[order(1), order(5, { timeInForce: TimeInForce.FOK, side: Side.SELL, priceTicks: 500 }), order(9)],
      { kind: 'cancel', commandId: orderId(77), orderId: orderId(3), accountId: 'ü', symbol: 'ACME' },
      { kind: 'setState', commandId: 'halt', symbol: 'B', state: TradingState.CONTINUOUS },
    ];
    expect(repeats.map((command) => restored.apply(command))).toEqual(repeats.map((command) => engine.apply(command)));
  });

  it('of a decoded engine holds the same state again', () => {
    const again = decode(partsOf(decode(partsOf(richEngine()))));
    expect(again.stateHash()).toBe(richEngine().stateHash());
  });

  it('holds the answer of a list whose orders have more lots together than one may have', () => {
    const engine = new Engine();
    run(engine, [{ kind: 'rules', version: ruleVersion }]);
    run(engine, [{ kind: 'list', listing: listing() }]);
    const exit = { quantityLots: big, side: Side.SELL };
    const orders = [order(1, { ...exit, priceTicks: 120 }), order(2, { ...exit, priceTicks: 130 })];
    const list: Command = { kind: 'submitList', listId: orderId(3), type: ListType.OCO, orders };
    run(engine, [list]);
    const restored = decode(partsOf(engine));
    expect(restored.stateHash()).toBe(engine.stateHash());
    expect(restored.apply(list)).toEqual(engine.apply(list));
  });

  it('does not change while the engine continues, forgets all of it and takes as much again', () => {
    const engine = richEngine();
    const hash = engine.stateHash();
    const [used, commands] = [engine.state.records.used, engine.state.commands.count];
    const image = captureState(engine.state);
    const encoding = encodeImage(image);
    const go = (from: number, timeMs: number) => {
      for (let i = from; i < from + 20; i++) {
        const id = { orderId: orderId(i, timeMs), idTimeMs: timeMs };
        const side = i % 2 === 0 ? Side.SELL : Side.BUY;
        run(engine, [order(i, { ...id, side, accountId: `n${i}` })], timeMs);
        run(engine, [{ kind: 'cancel', commandId: `c${i}`, orderId: id.orderId, ...keyed }], timeMs);
      }
      run(engine, [{ kind: 'cancelAll', commandId: `all${from}`, accountId: 'a', symbol: '', side: 0 }], timeMs);
    };
    go(20, startMs);
    go(40, startMs + 2 * dayMs);
    go(60, startMs + 4 * dayMs);
    expect(engine.state.commands.count).toBeGreaterThan(commands);
    expect(decode([...encoding].filter((part) => part !== undefined)).stateHash()).toBe(hash);
    // Nothing that the image reads was given out again; afterwards it is.
    const grown = engine.state.records.used;
    expect(grown).toBeGreaterThan(used + 40);
    image.release();
    const after = decode(partsOf(engine));
    go(80, startMs + 6 * dayMs);
    expect(engine.state.records.used).toBe(grown);
    expect(after.stateHash()).not.toBe(engine.stateHash());
    expect(decode(partsOf(engine)).stateHash()).toBe(engine.stateHash());
  });

  it('forgets what is final and answered after the same time as the engine it was taken of', () => {
    const engine = richEngine();
    const restored = decode(partsOf(engine));
    for (const one of [engine, restored]) run(one, [order(50, { idTimeMs: startMs + 2 * dayMs })], startMs + 2 * dayMs);
    expect(restored.stateHash()).toBe(engine.stateHash());
    expect(restored.state.records.count).toBe(engine.state.records.count);
    expect(restored.state.commands.count).toBe(0);
  });

  it('cuts a large state into parts of about a mebibyte, and lets others run in between', () => {
    const engine = new Engine();
    engine.beginGroup(startMs);
    engine.apply({ kind: 'list', listing: listing() });
    for (let i = 0; i < 40_000; i++) engine.apply(order(i, { priceTicks: 1 + (i % 900) }));
    engine.endGroup();
    const pieces = [...encodeImage(captureState(engine.state))];
    const parts = pieces.filter((part) => part !== undefined);
    expect(parts.length).toBeGreaterThan(1);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(1024 * 1024 + 512);
    expect(pieces.length - parts.length).toBeGreaterThan(60);
    expect(decode(parts).stateHash()).toBe(engine.stateHash());
  });
});

describe('ImageDecoder', () => {
  it('restores engines that repeat every outcome', () => {
    const keyedKinds = ['submit', 'submitList', 'cancel', 'replace', 'cancelAll', 'void', 'setState', 'split'];
    let repeats = 0;
    const property = fc.property(randomCommands(200), (commands) => {
      const engine = new Engine();
      const answered: [Command, Outcome][] = [];
      for (const command of commands) {
        engine.beginGroup(startMs);
        const outcome = engine.apply(command);
        engine.endGroup();
        if (outcome.effective && keyedKinds.includes(command.kind)) answered.push([command, outcome]);
      }
      const restored = decode(partsOf(engine));
      for (const [command, outcome] of answered) {
        const first = { ...outcome, effective: false };
        expect(engine.apply(command), JSON.stringify(command)).toEqual(first);
        expect(restored.apply(command), JSON.stringify(command)).toEqual(first);
        repeats++;
      }
    });
    fc.assert(property, { numRuns: 100 });
    expect(repeats).toBeGreaterThan(1_000);
  });

  it('holds what has no book, closed ids, and the commands of operators', () => {
    const engine = new Engine(new EngineState({ knownMax: 3, markedMax: 3, commandsMax: 9, operatorCommandsMax: 9 }));
    run(engine, [
      { kind: 'rules', version: ruleVersion },
      { kind: 'list', listing: listing() },
    ]);
    run(engine, [
      order(1, { symbol: 'NONE' }),
      { kind: 'void', orderId: orderId(2), idTimeMs: startMs, ...keyed, symbol: 'NONE' },
    ]);
    const halt: Command = { kind: 'setState', commandId: 'halt', symbol: 'ACME', state: TradingState.HALTED };
    run(engine, [halt, order(3), order(4)]);
    expect(engine.state.closedIdTimeMs).toBe(startMs);
    const restored = decode(partsOf(engine));
    expect(restored.stateHash()).toBe(engine.stateHash());
    expect(restored.state.operatorCommands.count).toBe(1);
    const repeats = [order(1, { symbol: 'NONE' }), order(2), order(4), halt];
    expect(repeats.map((each) => restored.apply(each))).toEqual(repeats.map((each) => engine.apply(each)));
  });

  it('refuses bytes that are cut short, continue after the end, or have an unknown kind', () => {
    const [part = new Uint8Array()] = partsOf(richEngine());
    expect(() => decode([part.subarray(0, part.length - 1)])).toThrow('cut short');
    expect(() => decode([part.subarray(0, part.length - 30)])).toThrow(RangeError);
    expect(() => decode([part, part])).toThrow('continues after its end');
    expect(() => decode([Uint8Array.of(99)])).toThrow('unknown kind 99');
  });

  it('at any point of any run leads to the events and the state that the whole run leads to', () => {
    fc.assert(
      fc.property(randomCommands(120), fc.nat(), (commands, at) => {
        const cut = at % (commands.length + 1);
        const whole = new Engine();
        for (const [i, command] of commands.slice(0, cut).entries()) run(whole, [command], startMs + i * 60_000);
        const restored = decode(partsOf(whole));
        expect(restored.stateHash()).toBe(whole.stateHash());
        for (const [i, command] of commands.slice(cut).entries()) {
          const timeMs = startMs + (cut + i) * 60_000 + (i > 20 ? dayMs : 0);
          expect(run(restored, [command], timeMs)).toEqual(run(whole, [command], timeMs));
          expect(restored.stateHash()).toBe(whole.stateHash());
          checkState(restored.state);
        }
      }),
      { numRuns: 100 },
    );
  });
});
