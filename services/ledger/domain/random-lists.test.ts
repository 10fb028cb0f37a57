import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdmissionState, HoldRequest } from './admit-hold.ts';
import { admitList, type LegRequest, newListHolds } from './admit-list.ts';
import { type AmendRequest, amendHold } from './amend-hold.ts';
import { BalanceSheet } from './balance-sheet.ts';
import { type Hold, type HoldTerms, heldAmount, heldAsset, type ListRole, type Side, unfilled } from './hold.ts';
import { settle } from './settle.ts';
import type { LegHold, ListHolds } from './settle-list.ts';
import { type BookLeg, ListBook } from './testing/list-book.ts';
import { broughtBy, heldFor, type ListMarket } from './testing/list-cost.ts';

const million = 1_000_000n;
const part = fc.bigInt({ min: 0n, max: million });
const trades = ['entry', 'entry', 'exit', 'exit', 'both'] as const;
const steps = [...trades, 'cancel', 'decrement', 'replace', 'ask', 'ask', 'decide'] as const;

const setting = fc.record({
  kind: fc.constantFrom('oco', 'oto', 'bracket'),
  exitSide: fc.constantFrom<Side>('buy', 'sell'),
  lots: fc.oneof(fc.bigInt({ min: 1n, max: 12n }), fc.bigInt({ min: 1n, max: 100_000n })),
  prices: fc.array(fc.bigInt({ min: 1n, max: 3_000n }), { minLength: 3, maxLength: 3 }),
  makerBps: fc.integer({ min: 0, max: 1_000 }),
  takerBps: fc.constantFrom(0, 3, 20, 1_000),
  tickLotMicros: fc.constantFrom(1n, 100n, 9_999n, 10_000n, 15_000n, 1_000_000n),
  lotMicros: fc.constantFrom(100n, 1_000_000n),
});
const script = fc.array(
  fc.record({
    step: fc.constantFrom(...steps),
    leg: fc.nat({ max: 2 }),
    size: part,
    price: part,
    isMaker: fc.boolean(),
    isAlone: fc.boolean(),
  }),
  { minLength: 1, maxLength: 14 },
);

type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;
type Step = typeof script extends fc.Arbitrary<(infer T)[]> ? T : never;

/** A ledger whose only account has just what its list makes necessary. */
class OwnBooks {
  readonly sheet = new BalanceSheet();
  readonly holds = new Map<string, Hold>();
  readonly lists = new Map<string, ListHolds>();
  readonly #admission: AdmissionState;
  readonly start: { cash: bigint; shares: bigint };

  constructor(legs: LegRequest[], start: { cash: bigint; shares: bigint }) {
    this.start = { ...start };
    this.sheet.credit({ accountId: 'own', asset: 'USD' }, start.cash);
    this.sheet.credit({ accountId: 'own', asset: 'ACME' }, start.shares);
    const accounts = new Map([['own', 'active' as const]]);
    this.#admission = { sheet: this.sheet, accounts, incomingMicros: new Map() };
    const request = { listId: 'list', legs };
    const decision = admitList(request, this.#admission);
    if ('refusal' in decision) throw new Error(`the list was refused: ${JSON.stringify(decision.refusal)}`);
    const holds = newListHolds(request, decision) as LegHold[];
    for (const hold of holds) this.holds.set(hold.orderId, hold);
    this.lists.set('list', holds);
  }

  /** Takes the hold of an order of the market that trades as a whole. */
  openMarket(orderId: string, terms: HoldTerms): void {
    const amount = heldAmount(terms, unfilled);
    const key = { accountId: 'mkt', asset: heldAsset(terms) };
    this.sheet.credit(key, amount);
    this.sheet.hold(key, amount);
    this.holds.set(orderId, { orderId, state: 'open', terms, progress: unfilled, amount, revision: 0 });
  }

  /** Asks for a change of a leg, of which the hold is to pay `more`. With a micro less it is refused first, and nothing has changed. */
  amend({ orderId, change }: BookLeg, more: { cash: bigint; shares: bigint }): void {
    const hold = this.holds.get(orderId);
    if (hold === undefined || change === undefined) throw new Error('there is no such change');
    const number = (hold.amendment?.number ?? 0) + 1;
    const request = { orderId, accountId: 'own', positionMaxMicros: undefined };
    const ask = (more: Partial<AmendRequest> = {}) =>
      amendHold(hold, { ...request, number, ...change, ...more }, this.#admission, this.lists.get('list'));
    this.#takeAvailable();
    this.#add('USD', more.cash > 0n ? more.cash - 1n : 0n);
    this.#add('ACME', more.shares);
    if (more.cash > 0n) {
      expect(ask()).toMatchObject({ kind: 'refused', refusal: { reason: 'cash-insufficient' } });
      this.#add('USD', 1n);
      expect(ask({ number: number + 1 })).toEqual({ kind: 'held' });
    } else expect(ask()).toEqual({ kind: 'held' });
  }

  /** What its trades have made available goes elsewhere. */
  #takeAvailable(): void {
    this.#add('USD', -this.of('USD').available);
  }

  /** The market gives it cash or shares. */
  #add(asset: 'USD' | 'ACME', amount: bigint): void {
    this.sheet.credit({ accountId: 'own', asset }, amount);
    this.start[asset === 'USD' ? 'cash' : 'shares'] += amount;
  }

  of(asset: string) {
    return this.sheet.read({ accountId: 'own', asset });
  }
}

function legsOf({ kind, exitSide, lots, prices, ...grid }: Setting): LegRequest[] {
  const roles: ListRole[] = kind === 'oco' ? ['first-exit', 'second-exit'] : ['entry', 'first-exit'];
  if (kind === 'bracket') roles.push('second-exit');
  return roles.map((role, index) => {
    const side: Side = (role === 'entry') === (exitSide === 'buy') ? 'sell' : 'buy';
    const priceTicks = prices[index] ?? 1n;
    const terms = { ...grid, accountId: 'own', symbol: 'ACME', side, lots, priceTicks };
    return { orderId: role, role, terms, positionMaxMicros: undefined } satisfies HoldRequest & { role: ListRole };
  });
}

let changes = 0;

/** Carries out one step where it is possible; returns the orders of the market that it needs, by id. */
function take(
  book: ListBook,
  { step, leg: index, size, price, isMaker, isAlone }: Step,
): Map<string, BookLeg & { traded: bigint; at: bigint }> {
  const orders = new Map<string, BookLeg & { traded: bigint; at: bigint }>();
  const live = book.legs.filter(({ isLive }) => isLive);
  const trade = (leg: BookLeg | undefined) => {
    if (!leg?.isLive || leg.openLots === 0n) return;
    const lots = 1n + ((leg.openLots - 1n) * size) / million;
    // At its worst price or better, the double of it at most.
    const gain = (leg.priceTicks * price) / million;
    const at = leg.side === 'sell' ? leg.priceTicks + gain : leg.priceTicks - (gain === leg.priceTicks ? 0n : gain);
    orders.set(book.trade(leg, { lots, priceTicks: at, isMaker }), { ...leg, traded: lots, at });
  };
  const entry = live.find(({ role }) => role === 'entry');
  const exits = live.filter(({ role }) => role !== 'entry');
  const exit = exits[index % Math.max(1, exits.length)];
  const any = live[index % Math.max(1, live.length)];
  if (step === 'entry' || step === 'both') trade(entry);
  // In an auction both may trade before the exits are increased.
  if (step === 'exit' || step === 'both') trade(exit);
  if (step === 'cancel' && isAlone && any) book.cancel(any);
  if (step === 'decrement' && any && any.openLots > 1n)
    book.decrement(any, 1n + ((any.openLots - 2n) * size) / million);
  if (step === 'replace' && any) book.replace(any, cheaper(any, price));
  if (step === 'ask' && any && any.change === undefined) {
    changes += 1;
    any.change = {
      commandId: `change ${changes}`,
      lots: 1n + (any.lots * 2n * size) / million,
      priceTicks: 1n + (any.priceTicks * 2n * price) / million,
    };
  }
  if (step === 'decide' && any) book.decide(any, isAlone && isMaker);
  book.activate();
  return orders;
}

/** A price that costs no more and brings no less. */
function cheaper({ side, priceTicks }: BookLeg, price: bigint): bigint {
  const change = (priceTicks * price) / million;
  if (side === 'sell') return priceTicks + change;
  return change >= priceTicks ? priceTicks : priceTicks - change;
}

function run(
  given: Setting,
  moves: Step[],
  check: (books: OwnBooks, legs: BookLeg[], market: ListMarket) => void,
): OwnBooks {
  const legs = legsOf(given);
  const market: ListMarket = given;
  const book = new ListBook(legs.map(({ role, terms }) => ({ role, ...terms })));
  const { cash, shares } = heldFor(book.legs, market);
  const books = new OwnBooks(legs, { cash, shares });
  check(books, book.legs, market);
  const end: Step = { step: 'cancel', leg: 0, size: 0n, price: 0n, isMaker: false, isAlone: true };
  for (const move of [...moves, end, end, end]) {
    const before = heldFor(book.legs, market);
    const undecided = book.legs.filter(({ change }) => change !== undefined);
    const orders = take(book, move);
    const asked = book.legs.find((leg) => leg.change !== undefined && !undecided.includes(leg));
    if (asked) {
      const after = heldFor(book.legs, market);
      books.amend(asked, { cash: after.cash - before.cash, shares: after.shares - before.shares });
      check(books, book.legs, market);
    }
    for (const [orderId, { side, traded, at }] of orders) {
      const { makerBps, takerBps, tickLotMicros, lotMicros } = market;
      const terms = { symbol: 'ACME', makerBps, takerBps, tickLotMicros, lotMicros, lots: traded, priceTicks: at };
      books.openMarket(orderId, { ...terms, accountId: 'mkt', side: side === 'buy' ? 'sell' : 'buy' });
    }
    for (const { event, legs: after } of book.emitted.splice(0)) {
      settle([event], books);
      check(books, after, market);
    }
  }
  expect(book.isOver).toBe(true);
  return books;
}

describe('a list that trades, ends and is changed at random', () => {
  it('has at each event the balances and the holds of the slow model, to the micro; 5,000 lists', () => {
    const property = fc.property(setting, script, (given, moves) => {
      run(given, moves, (books, legs, market) => {
        const held = heldFor(legs, market);
        const brought = broughtBy(legs, market);
        expect(books.of('USD').held).toBe(held.cash);
        expect(books.of('ACME').held).toBe(held.shares);
        const owned = (asset: string) => books.of(asset).available + books.of(asset).held;
        expect(owned('USD')).toBe(books.start.cash + brought.cash);
        expect(owned('ACME')).toBe(books.start.shares + brought.lots * market.lotMicros);
      });
    });
    fc.assert(property, { numRuns: 5_000 });
  }, 120_000);

  it('never trades more of its exits than one of them may, and holds nothing in the end; 2,000 lists', () => {
    const property = fc.property(setting, script, (given, moves) => {
      const books = run(given, moves, (_books, legs) => {
        const filled = (isEntry: boolean) =>
          legs
            .filter(({ role }) => (role === 'entry') === isEntry)
            .reduce((sum, { filledLots }) => sum + filledLots, 0n);
        expect(filled(false) <= (given.kind === 'oco' ? given.lots : filled(true))).toBe(true);
      });
      for (const asset of ['USD', 'ACME']) expect(books.of(asset).held).toBe(0n);
      for (const { amount, state } of books.lists.get('list') ?? []) expect([amount, state]).toEqual([0n, 'settled']);
    });
    fc.assert(property, { numRuns: 2_000 });
  }, 120_000);
});
