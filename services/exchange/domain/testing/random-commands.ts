/** Random commands that make things happen: few ids, accounts and prices, two books. */
import fc from 'fast-check';
import { TradingState } from '../codes.ts';
import type { Command } from '../commands.ts';
import { listing, orderId, startMs } from './driver.ts';

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
  postOnly: fc.boolean(),
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

/** Runs of commands: two listings, then up to `lengthMax` commands of every kind. */
export function randomCommands(lengthMax: number): fc.Arbitrary<Command[]> {
  return fc
    .array(command, { minLength: 1, maxLength: lengthMax, size: 'max' })
    .map((commands) => [...preparation, ...wellFormed(commands)]);
}
