import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEntries, createBook, positionOf } from './book.ts';
import type { Entry } from './entry.ts';
import { type LotMethod, lotsMax } from './lot.ts';
import { applyToLots, createLotBook, lotsOf, type SoldPiece } from './lot-book.ts';

const share = 1_000_000n;
const accounts = ['a', 'b', 'c'];
const methods = ['fifo', 'lifo', 'hifo'] as const;

const step = fc.record({
  kind: fc.constantFrom(...(['issue', 'adjustment', 'trade', 'trade', 'trade'] as const)),
  buyer: fc.constantFrom(...accounts),
  seller: fc.constantFrom(...accounts),
  orderId: fc.constantFrom('o', 'p', 'q'),
  quantityMicros: fc.bigInt(1n, 20n * share),
  valueMicros: fc.bigInt(0n, 1_000_000n),
  buyerFee: fc.bigInt(0n, 500n),
  isOfCents: fc.boolean(),
  isTaken: fc.boolean(),
  hours: fc.integer({ min: 0, max: 30 }),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A history that a ledger accepts: sales of what is not owned are left out. */
function historyOf(steps: readonly Step[]): Entry[] {
  const book = createBook();
  const entries: Entry[] = [];
  let timeMs = 0;
  for (const { kind, buyer, seller, quantityMicros, hours, ...terms } of steps) {
    timeMs += hours * 3_600_000;
    const booked = { sequence: BigInt(entries.length + 1), timeMs, symbol: 'X', quantityMicros };
    const isOut = kind === 'trade' || (kind === 'adjustment' && terms.isTaken);
    if (isOut && positionOf(book, { accountId: seller, symbol: 'X' }).quantityMicros < quantityMicros) continue;
    const entry = entryOf(booked, { kind, buyer, seller, ...terms });
    applyEntries(book, [entry]);
    entries.push(entry);
  }
  return entries;
}

type Booked = { sequence: bigint; timeMs: number; symbol: string; quantityMicros: bigint };

function entryOf(booked: Booked, { kind, buyer, seller, ...terms }: Omit<Step, 'quantityMicros' | 'hours'>): Entry {
  const { orderId, valueMicros, buyerFee, isOfCents, isTaken } = terms;
  if (kind === 'issue') return { ...booked, kind, accountId: buyer };
  if (kind === 'adjustment') {
    const signed = isTaken ? -booked.quantityMicros : booked.quantityMicros;
    return { ...booked, kind, accountId: seller, quantityMicros: signed, costMicros: isTaken ? 0n : valueMicros };
  }
  return {
    ...booked,
    kind,
    tradeId: `t${booked.sequence}`,
    valueMicros,
    isOfCents,
    buyer: { accountId: buyer, orderId, feeMicros: buyerFee },
    seller: { accountId: seller, orderId: 's', feeMicros: valueMicros / 7n },
  };
}

const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);

function bookOf(choices: readonly LotMethod[]) {
  const book = createLotBook();
  for (const [index, method] of choices.entries()) {
    const accountId = accounts[index] ?? '';
    book.choices.set(accountId, { method, previousMethod: 'fifo', sinceSequence: 10n });
  }
  return book;
}

describe('applyToLots', () => {
  it('ties out with average cost over any history and any methods, to the millionth', () => {
    const anyMethods = fc.array(fc.constantFrom(...methods), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), anyMethods, (steps, choices) => {
        const entries = historyOf(steps);
        const average = createBook();
        const taken = new Map<string, bigint>();
        const gains = entries.flatMap((entry) => {
          const key = { accountId: entry.kind === 'adjustment' ? entry.accountId : '', symbol: 'X' };
          const { costMicros } = positionOf(average, key);
          const realized = applyEntries(average, [entry]);
          const left = costMicros - positionOf(average, key).costMicros;
          if (left > 0n) taken.set(key.accountId, (taken.get(key.accountId) ?? 0n) + left);
          return realized;
        });
        const book = bookOf(choices);
        const sold = applyToLots(book, entries);
        for (const accountId of accounts) {
          const key = { accountId, symbol: 'X' };
          const position = positionOf(average, key);
          const { lots, ...total } = lotsOf(book, key);
          expect(sum(lots.map(({ leftQuantityMicros }) => leftQuantityMicros))).toBe(position.quantityMicros);
          expect(sum(lots.map(({ leftCostMicros }) => leftCostMicros))).toBe(total.costMicros);
          const paid = position.costMicros - position.realizedMicros + (taken.get(accountId) ?? 0n);
          expect(total.costMicros - total.realizedMicros + total.takenMicros).toBe(paid);
          const own = sold.filter((piece) => piece.accountId === accountId);
          expect(sum(own.map(({ gainMicros }) => gainMicros))).toBe(total.realizedMicros);
          expect(lots.every((lot) => lot.leftQuantityMicros > 0n && lot.leftCostMicros >= 0n)).toBe(true);
        }
        const piecesOf = Map.groupBy(sold, ({ sequence }) => sequence);
        expect(piecesOf.size).toBe(gains.length);
        for (const gain of gains) {
          const pieces = piecesOf.get(gain.sequence) ?? [];
          expect(sum(pieces.map(({ quantityMicros }) => quantityMicros))).toBe(gain.quantityMicros);
          expect(sum(pieces.map(({ proceedsMicros }) => proceedsMicros))).toBe(gain.proceedsMicros);
          expect(pieces.map(({ piece }) => piece)).toEqual(pieces.map((_, index) => index));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('comes to the same lots in one run or in many', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (steps, size) => {
        const entries = historyOf(steps);
        const [whole, parts] = [bookOf(['hifo', 'lifo', 'fifo']), bookOf(['hifo', 'lifo', 'fifo'])];
        const inParts: SoldPiece[] = [];
        for (let at = 0; at < entries.length; at += size)
          inParts.push(...applyToLots(parts, entries.slice(at, at + size)));
        expect(inParts).toEqual(applyToLots(whole, entries));
        expect(parts).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  it('takes by the method before up to its sequence, and by the new one after it', () => {
    const buy = (sequence: bigint, valueMicros: bigint): Entry => tradeOf(sequence, 'b', 'a', valueMicros);
    const sell = (sequence: bigint): Entry => tradeOf(sequence, 'a', 'b', 9n);
    const book = createLotBook();
    book.choices.set('a', { method: 'lifo', previousMethod: 'hifo', sinceSequence: 5n });
    const issue = { kind: 'issue', timeMs: 0, accountId: 'b', symbol: 'X', quantityMicros: 9n } as const;
    const entries = [{ ...issue, sequence: 1n }, buy(2n, 10n), buy(3n, 30n), buy(4n, 20n), sell(5n), sell(6n)];
    expect(applyToLots(book, entries).flatMap(({ accountId, lotId }) => (accountId === 'a' ? lotId : []))).toEqual([
      3n,
      4n,
    ]);
  });

  it('stays at a bounded number of lots, and closes as many at most by one sale', () => {
    const count = 5 * lotsMax;
    const issued: Entry = {
      kind: 'issue',
      sequence: 1n,
      timeMs: 0,
      accountId: 'b',
      symbol: 'X',
      quantityMicros: share,
    };
    const buys = Array.from({ length: count }, (_, index) => tradeOf(BigInt(index + 2), 'b', 'a', BigInt(index)));
    const book = createLotBook();
    applyToLots(book, [issued, ...buys]);
    expect(lotsOf(book, { accountId: 'a', symbol: 'X' }).lots).toHaveLength(lotsMax);
    const sale = { ...tradeOf(BigInt(count + 2), 'a', 'b', 1n), quantityMicros: BigInt(count) } as Entry;
    expect(applyToLots(book, [sale])).toHaveLength(lotsMax);
    expect(lotsOf(book, { accountId: 'a', symbol: 'X' })).toMatchObject({
      lots: [],
      quantityMicros: 0n,
      costMicros: 0n,
    });
  });

  it('refuses a sale of what is not there', () => {
    expect(() => applyToLots(createLotBook(), [tradeOf(1n, 'b', 'a', 1n)])).toThrow('more shares');
  });
});

/** A millionth of a share from one to the other, each by an order of its own. */
function tradeOf(sequence: bigint, seller: string, buyer: string, valueMicros: bigint): Entry {
  return {
    kind: 'trade',
    sequence,
    timeMs: 0,
    tradeId: `t${sequence}`,
    symbol: 'X',
    quantityMicros: 1n,
    valueMicros,
    isOfCents: false,
    buyer: { accountId: buyer, orderId: `o${sequence}`, feeMicros: 0n },
    seller: { accountId: seller, orderId: `p${sequence}`, feeMicros: 0n },
  };
}
