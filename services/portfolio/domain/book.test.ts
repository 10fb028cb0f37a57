import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEntries, type Book, createBook, positionOf, touchedBy } from './book.ts';
import type { Entry } from './entry.ts';
import { value } from './valuation.ts';

const share = 1_000_000n;
const accounts = ['a', 'b', 'c'];
const symbols = ['X', 'Y'];

function trade(sequence: bigint, change: Partial<Extract<Entry, { kind: 'trade' }>> = {}): Entry {
  return {
    kind: 'trade',
    sequence,
    timeMs: 1,
    tradeId: `t${sequence}`,
    symbol: 'X',
    quantityMicros: share,
    valueMicros: 1_000_000n,
    isOfCents: false,
    buyer: { accountId: 'a', orderId: 'o', feeMicros: 10_000n },
    seller: { accountId: 'b', orderId: 'p', feeMicros: 20_000n },
    ...change,
  };
}

const issue = (sequence: bigint, accountId = 'b'): Entry => ({
  kind: 'issue',
  sequence,
  timeMs: 0,
  accountId,
  symbol: 'X',
  quantityMicros: 5n * share,
});

describe('applyEntries', () => {
  it('moves shares and cash, fees on both sides, and returns the gain', () => {
    const book = createBook();
    const gains = applyEntries(book, [issue(1n), trade(2n)]);
    expect(book.cash).toEqual(
      new Map([
        ['a', -1_010_000n],
        ['b', 980_000n],
      ]),
    );
    expect(positionOf(book, { accountId: 'a', symbol: 'X' })).toMatchObject({
      quantityMicros: share,
      costMicros: 1_010_000n,
    });
    expect(gains).toMatchObject([
      { accountId: 'b', tradeId: 't2', proceedsMicros: 980_000n, costMicros: 0n, gainMicros: 980_000n },
    ]);
  });

  it('survives an account that trades with itself', () => {
    const book = createBook();
    const buyer = { accountId: 'b', orderId: 'o', feeMicros: 10_000n };
    applyEntries(book, [issue(1n), trade(2n, { buyer })]);
    expect(positionOf(book, { accountId: 'b', symbol: 'X' }).quantityMicros).toBe(5n * share);
    expect(book.cash.get('b')).toBe(-30_000n);
  });

  it('refuses a gap and a sale of what is not there', () => {
    expect(() => applyEntries(createBook(), [issue(1n), trade(3n)])).toThrow('entry 3 follows 1');
    expect(() => applyEntries(createBook(), [trade(1n)])).toThrow('more shares');
  });

  it('adds shares at a stated cost, and takes shares with their part of the cost and without a gain or loss', () => {
    const book = createBook();
    const shares = { kind: 'adjustment', timeMs: 0, accountId: 'b', symbol: 'X' } as const;
    const gains = applyEntries(book, [
      issue(1n),
      { ...shares, sequence: 2n, quantityMicros: 5n * share, costMicros: 30_000_000n },
      { ...shares, sequence: 3n, quantityMicros: -4n * share, costMicros: 0n },
    ]);
    expect(gains).toEqual([]);
    expect(positionOf(book, { accountId: 'b', symbol: 'X' })).toEqual({
      quantityMicros: 6n * share,
      costMicros: 18_000_000n,
      realizedMicros: 0n,
    });
    const tooMany = { ...shares, sequence: 4n, quantityMicros: -7n * share, costMicros: 0n };
    expect(() => applyEntries(book, [tooMany])).toThrow('more shares');
  });

  it('names each account and position once for loading', () => {
    expect(touchedBy([issue(1n), trade(2n), trade(3n)])).toEqual({
      accountIds: ['b', 'a'],
      positions: [
        { accountId: 'b', symbol: 'X' },
        { accountId: 'a', symbol: 'X' },
      ],
    });
  });
});

// Steps of a random history; those that a ledger would refuse (too few shares) are dropped when they are played.
const step = fc.record({
  kind: fc.constantFrom(...(['cash', 'issue', 'adjustment', 'trade', 'trade', 'trade'] as const)),
  account: fc.constantFrom(...accounts),
  other: fc.constantFrom(...accounts),
  symbol: fc.constantFrom(...symbols),
  quantity: fc.bigInt(1n, 20n * share),
  micros: fc.bigInt(0n, 1_000_000n),
  fees: fc.tuple(fc.bigInt(0n, 500n), fc.bigInt(0n, 500n)),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const noFlow = { moved: 0n, inKind: 0n, bought: 0n, sold: 0n, gains: 0n };

function play(steps: Step[]) {
  const book = createBook();
  const flows = new Map(accounts.map((account) => [account, { ...noFlow }]));
  const flowOf = (account: string) => flows.get(account) ?? { ...noFlow };
  let sequence = 0n;
  for (const { kind, account, other, symbol, quantity, micros, fees } of steps) {
    const booked = { sequence: sequence + 1n, timeMs: 0 };
    const owned = positionOf(book, { accountId: other, symbol }).quantityMicros;
    let entry: Entry;
    if (kind === 'cash') entry = { ...booked, kind, accountId: account, amountMicros: micros - 500_000n };
    else if (kind === 'issue') entry = { ...booked, kind, accountId: account, symbol, quantityMicros: quantity };
    else if (kind === 'adjustment') {
      // Added at a cost, or taken by those who have so many: what leaves or comes in kind counts as moved by its cost.
      const isTaken = fees[0] % 2n === 0n;
      if (isTaken && positionOf(book, { accountId: account, symbol }).quantityMicros < quantity) continue;
      const signed = isTaken ? -quantity : quantity;
      const costMicros = isTaken ? 0n : micros;
      entry = { ...booked, kind, accountId: account, symbol, quantityMicros: signed, costMicros };
    } else if (owned < quantity) continue;
    else {
      // A sale's fee is capped at its proceeds.
      const [buyerFee, sellerFee] = [fees[0], (fees[1] * micros) / 1_000_000n];
      const buyer = { accountId: account, orderId: 'o', feeMicros: buyerFee };
      const seller = { accountId: other, orderId: 'p', feeMicros: sellerFee };
      const tradeId = `t${booked.sequence}`;
      const amounts = { quantityMicros: quantity, valueMicros: micros, isOfCents: micros % 2n === 0n };
      entry = { ...booked, kind, tradeId, symbol, ...amounts, buyer, seller };
      flowOf(account).bought += micros + buyerFee;
      flowOf(other).sold += micros - sellerFee;
    }
    if (entry.kind === 'cash') flowOf(account).moved += entry.amountMicros;
    const costBefore = positionOf(book, { accountId: account, symbol }).costMicros;
    for (const gain of applyEntries(book, [entry])) flowOf(gain.accountId).gains += gain.gainMicros;
    if (entry.kind === 'adjustment') {
      flowOf(account).inKind += positionOf(book, { accountId: account, symbol }).costMicros - costBefore;
    }
    sequence += 1n;
  }
  return { book, flowOf };
}

function holdingsOf(book: Book, accountId: string) {
  const ofAccount = book.positions.get(accountId) ?? new Map();
  const positions = [...ofAccount].map(([symbol, position]) => ({ symbol, ...position }));
  return { sequence: 0n, cashMicros: book.cash.get(accountId) ?? 0n, positions };
}

describe('a history of trades', () => {
  it('ties out: realised less what the holdings cost is exactly what trading brought in cash', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.array(fc.bigInt(1n, 10n ** 9n), { minLength: 2, maxLength: 2 }),
        (steps, prices) => {
          const { book, flowOf } = play(steps);
          for (const accountId of accounts) {
            const { moved, inKind, bought, sold, gains } = flowOf(accountId);
            const holdings = holdingsOf(book, accountId);
            const valuation = value(holdings, (symbol) => prices[symbols.indexOf(symbol)]);
            const cost = holdings.positions.reduce((total, { costMicros }) => total + costMicros, 0n);
            expect(valuation.realizedMicros - cost).toBe(sold - bought - inKind);
            expect(valuation.realizedMicros).toBe(gains);
            expect(valuation.cashMicros).toBe(moved + sold - bought);
            const { equityMicros, realizedMicros, unrealizedMicros } = valuation;
            expect(equityMicros).toBe(moved + inKind + realizedMicros + unrealizedMicros);
            for (const { quantityMicros, costMicros } of holdings.positions) {
              expect(quantityMicros >= 0n && costMicros >= 0n).toBe(true);
              if (quantityMicros === 0n) expect(costMicros).toBe(0n);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('comes to the same book in one run or in many', () => {
    const entries = [issue(1n), trade(2n), trade(3n), trade(4n)];
    const whole = createBook();
    const parts = createBook();
    const gains = applyEntries(whole, entries);
    const partGains = [...applyEntries(parts, entries.slice(0, 2)), ...applyEntries(parts, entries.slice(2))];
    expect(parts).toEqual(whole);
    expect(partGains).toEqual(gains);
  });
});
