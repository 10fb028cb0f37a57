import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TradingState } from '../codes.ts';
import type { Command } from '../commands.ts';
import { Engine } from '../engine.ts';
import { readEvents } from '../event-reader.ts';
import type { EngineEvent } from '../events.ts';
import { checkInvariants } from '../testing/check-invariants.ts';
import { listing, order, orderId, startMs } from '../testing/driver.ts';
import { applyReference, createReference } from './reference-engine.ts';

const account = fc.constantFrom('a', 'b', 'c', 'd');
const symbol = fc.constantFrom('ACME', 'ACME', 'ACME', 'BAND');
const id = fc.integer({ min: 1, max: 40 }).map((number) => orderId(number));
const commandId = fc.integer({ min: 1, max: 400 }).map((number) => `c${number}`);
const price = fc.integer({ min: 97, max: 103 });
const side = fc.constantFrom(1 as const, 2 as const);

const submit: fc.Arbitrary<Command> = fc.record({
  kind: fc.constant('submit' as const),
  orderId: id,
  idTimeMs: fc.constant(startMs),
  accountId: account,
  symbol,
  side,
  timeInForce: fc.constantFrom(1 as const, 1 as const, 1 as const, 4 as const, 5 as const),
  priceTicks: price,
  quantityLots: fc.integer({ min: 1, max: 8 }),
  postOnly: fc.boolean().map((postOnly) => postOnly),
  selfTradeGroup: fc.constantFrom('', '', 'g'),
  selfTrade: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
});
const onOrder = { commandId, orderId: id, accountId: account, symbol };
const others: fc.Arbitrary<Command>[] = [
  fc.record({ kind: fc.constant('cancel' as const), ...onOrder }),
  fc.record({
    kind: fc.constant('replace' as const),
    ...onOrder,
    expectedRevision: fc.integer({ min: 1, max: 3 }),
    priceTicks: price,
    quantityLots: fc.integer({ min: 1, max: 8 }),
  }),
  fc.record({
    kind: fc.constant('void' as const),
    orderId: id,
    idTimeMs: fc.constant(startMs),
    accountId: account,
    symbol,
  }),
  fc.record({
    kind: fc.constant('cancelAll' as const),
    commandId,
    accountId: account,
    symbol: fc.constantFrom('', 'ACME'),
    side: fc.constantFrom(0 as const, 1 as const, 2 as const),
  }),
  fc.record({
    kind: fc.constant('setState' as const),
    commandId,
    symbol,
    state: fc.constantFrom(TradingState.CONTINUOUS, TradingState.CONTINUOUS, TradingState.HALTED, TradingState.CLOSED),
  }),
];
const [cancel, replace, voided, all, state] = others as [fc.Arbitrary<Command>, ...fc.Arbitrary<Command>[]];
const command = fc.oneof(
  { arbitrary: submit, weight: 20 },
  { arbitrary: cancel, weight: 4 },
  { arbitrary: replace as fc.Arbitrary<Command>, weight: 6 },
  { arbitrary: voided as fc.Arbitrary<Command>, weight: 1 },
  { arbitrary: all as fc.Arbitrary<Command>, weight: 1 },
  { arbitrary: state as fc.Arbitrary<Command>, weight: 1 },
);

const preparation: Command[] = [
  { kind: 'list', listing: listing() },
  { kind: 'list', listing: listing({ symbol: 'BAND', bandBps: 400 }) },
];

/** Post-only together with IOC or FOK is malformed; owners mostly name their own orders, else little would ever happen. */
function wellFormed(commands: Command[]): Command[] {
  const owners = new Map<string, { accountId: string; symbol: string }>();
  return commands.map((given, i) => {
    if (given.kind === 'submit') {
      const timed = { ...given, postOnly: given.postOnly && given.timeInForce === 1 && i % 3 === 0 };
      if (!owners.has(given.orderId)) owners.set(given.orderId, given);
      return timed;
    }
    const owner = 'orderId' in given && i % 8 !== 0 ? owners.get(given.orderId) : undefined;
    return owner ? { ...given, accountId: owner.accountId, symbol: owner.symbol } : given;
  });
}

function sortLevels(events: EngineEvent[]): string[] {
  const texts = events.map((event) => JSON.stringify(event, Object.keys(flatten(event)).sort()));
  const isLevel = (text: string) => text.includes('"levelChanged"');
  return [...texts.filter((text) => !isLevel(text)), ...texts.filter(isLevel).sort()];
}

function flatten(value: object): Record<string, unknown> {
  const names: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    names[name] = inner;
    if (typeof inner === 'object' && inner !== null) Object.assign(names, flatten(inner));
  }
  return names;
}

function compare(commands: Command[]): void {
  const engine = new Engine();
  const reference = createReference();
  for (const [i, given] of [...preparation, ...commands].entries()) {
    const timeMs = startMs + i;
    engine.beginGroup(timeMs);
    const { accepted, reason } = engine.apply(given);
    const events = readEvents(engine.state, engine.effective);
    engine.endGroup();
    reference.events.length = 0;
    const expected = applyReference(reference, given, timeMs);
    expect({ accepted, reason }).toEqual(expected);
    expect(sortLevels(events)).toEqual(sortLevels(reference.events));
    checkInvariants(engine.state);
  }
}

describe('Engine', () => {
  it('does what the reference engine does, for any commands', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 200, size: 'max' }), (commands) => {
        compare(wellFormed(commands));
      }),
      { numRuns: 250 },
    );
  });

  it('reaches the same state hash however its commands are grouped', () => {
    fc.assert(
      fc.property(
        fc.array(command, { maxLength: 60, size: 'max' }),
        fc.integer({ min: 1, max: 9 }),
        (commands, size) => {
          const all = [...preparation, ...wellFormed(commands), order(999_999)];
          const one = new Engine();
          const other = new Engine();
          for (const given of all) runGroup(one, [given]);
          for (let i = 0; i < all.length; i += size) runGroup(other, all.slice(i, i + size));
          expect(other.stateHash()).toBe(one.stateHash());
        },
      ),
      { numRuns: 60 },
    );
  });
});

function runGroup(engine: Engine, commands: Command[]): void {
  engine.beginGroup(startMs);
  for (const given of commands) engine.apply(given);
  engine.endGroup();
}
