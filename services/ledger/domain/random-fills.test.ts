import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feeAccount } from './asset.ts';
import { BalanceSheet } from './balance-sheet.ts';
import type { ExchangeEvent } from './exchange-event.ts';
import { type Fill, type Hold, type HoldTerms, heldAmount, heldAsset, unfilled } from './hold.ts';
import { settle } from './settle.ts';
import type { ListHolds } from './settle-list.ts';
import { Fraction } from './testing/fraction.ts';

/** The fees of both orders and their book, from the smallest to what a listing and an account take at most. */
const market = fc.record({
  bps: fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 1_000 }))),
  // The first: of a lot of 0.0001 shares and a tick of 0.01.
  tickLotMicros: fc.oneof(
    fc.constantFrom(1n, 100n, 9_999n, 10_000n, 15_000n),
    fc.bigInt({ min: 1n, max: 9_999n }),
    fc.bigInt({ min: 10_000n, max: (2n ** 31n - 1n) * 10_000n }),
  ),
  lotMicros: fc.bigInt({ min: 1n, max: 1_000_000_000n }),
  lots: fc.oneof(fc.bigInt({ min: 1n, max: 30n }), fc.bigInt({ min: 1n, max: 2n ** 31n - 1n })),
  bid: fc.bigInt({ min: 1n, max: 100_000n }),
  /** How far the seller would go below the bid, in millionths of it. */
  room: fc.bigInt({ min: 0n, max: 999_999n }),
});
/** Where the order is cut into fills, as a part of a million of its lots; the price between both limits; whether the buyer rested. */
const cuts = fc.array(
  fc.record({
    at: fc.bigInt({ min: 0n, max: 1_000_000n }),
    price: fc.bigInt({ min: 0n, max: 1_000_000n }),
    buyerRested: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);
const million = 1_000_000n;

type Side = 'buy' | 'sell';

/** What one order has paid or brought by exact arithmetic. */
type Exact = { value: bigint; fee: Fraction };

class Settlement {
  readonly sheet = new BalanceSheet();
  readonly holds = new Map<string, Hold>();
  readonly lists = new Map<string, ListHolds>();
  readonly exact: Record<Side, Exact> = {
    buy: { value: 0n, fee: new Fraction(0n) },
    sell: { value: 0n, fee: new Fraction(0n) },
  };

  open(terms: HoldTerms): Hold {
    const amount = heldAmount(terms, unfilled);
    const hold: Hold = { orderId: terms.side, state: 'open', terms, progress: unfilled, amount, revision: 0 };
    const key = { accountId: terms.accountId, asset: heldAsset(terms) };
    this.sheet.credit(key, amount);
    this.sheet.hold(key, amount);
    this.holds.set(terms.side, hold);
    return hold;
  }

  /** Settles one trade of both orders, and adds it to the exact sums. */
  trade(lots: bigint, priceTicks: bigint, buyerRole: Fill['role'], left: bigint): void {
    const sideOf = (side: Side) => ({ orderId: side, accountId: side, side, remainingLots: left });
    const [maker, taker] = buyerRole === 'maker' ? (['buy', 'sell'] as const) : (['sell', 'buy'] as const);
    const base = { kind: 'traded' as const, sequence: 1n, tradeId: String(left), symbol: 'ACME', priceTicks, lots };
    const event: ExchangeEvent = { ...base, maker: sideOf(maker), taker: sideOf(taker) };
    settle([event], this);
    for (const side of ['buy', 'sell'] as const) {
      const { terms } = this.holds.get(side) as Hold;
      const value = lots * priceTicks * terms.tickLotMicros;
      const bps = side === maker ? terms.makerBps : terms.takerBps;
      const { exact } = this;
      const fee = exact[side].fee.plus(new Fraction(value).times(BigInt(bps), 10_000n));
      exact[side] = { value: exact[side].value + value, fee };
    }
  }

  cash(accountId: string): { available: bigint; held: bigint } {
    return this.sheet.read({ accountId, asset: 'USD' });
  }
}

function between(low: bigint, high: bigint, millionths: bigint): bigint {
  return low + ((high - low) * millionths) / million;
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

describe('an order that is filled in random parts', () => {
  it('costs what exact arithmetic says, rounded up once, and never more than was held; 10,000 orders', () => {
    const property = fc.property(market, cuts, ({ bps, tickLotMicros, lotMicros, lots, bid, room }, parts) => {
      // What a market and an account take of an order at most.
      fc.pre(lots * bid * tickLotMicros <= 10n ** 18n && lots * lotMicros <= 4n * 10n ** 18n);
      const [buyMaker, buyTaker, sellMaker, sellTaker] = bps as [number, number, number, number];
      const common = { symbol: 'ACME', lots, tickLotMicros, lotMicros };
      const ask = bid - (bid * room) / million || 1n;
      const book = new Settlement();
      const terms = { ...common, accountId: 'buy', side: 'buy' as const, priceTicks: bid };
      const hold = book.open({ ...terms, makerBps: buyMaker, takerBps: buyTaker });
      const sale = { ...common, accountId: 'sell', side: 'sell' as const, priceTicks: ask };
      book.open({ ...sale, makerBps: sellMaker, takerBps: sellTaker });

      const dearest = BigInt(Math.max(buyMaker, buyTaker));
      const unit = lesser(tickLotMicros, 10_000n);
      const greatestFee = (value: bigint) => new Fraction(value).times(dearest, 10_000n);
      const held = hold.amount;
      const most = lots * bid * tickLotMicros;
      expect(held).toBe(most + greatestFee(most).ceil(unit));

      let filled = 0n;
      for (const { at, price, buyerRested } of parts.toSorted((a, b) => Number(a.at - b.at))) {
        const part = between(0n, lots, at) - filled;
        if (part <= 0n) continue;
        filled += part;
        book.trade(part, between(ask, bid, price), buyerRested ? 'maker' : 'taker', lots - filled);
        const { value, fee } = book.exact.buy;
        const paid = held - hold.amount - book.cash('buy').available;
        expect(paid).toBe(value + fee.ceil(unit));
        // What is left pays for the dearest end, and for no unit more.
        const rest = (lots - filled) * bid * tickLotMicros;
        const end = value + rest + greatestFee(rest).plus(fee).ceil(unit);
        expect(paid + hold.amount).toBe(filled === lots ? paid : end);
        expect(paid + hold.amount <= held).toBe(true);
      }

      const ended = ['buy', 'sell'].map((orderId): ExchangeEvent => ({ kind: 'ended', sequence: 2n, orderId }));
      settle(ended, book);
      const { buy, sell } = book.exact;
      const buyerFee = buy.fee.ceil(unit);
      const sellerFee = lesser(sell.fee.ceil(unit), sell.value);
      expect(buy.value).toBe(sell.value);
      expect(book.cash('buy')).toMatchObject({ available: held - buy.value - buyerFee, held: 0n });
      expect(book.cash('sell')).toMatchObject({ available: sell.value - sellerFee, held: 0n });
      expect(book.cash(feeAccount).available).toBe(buyerFee + sellerFee);
      expect(book.sheet.read({ accountId: 'buy', asset: 'ACME' }).available).toBe(filled * lotMicros);
      expect(book.sheet.read({ accountId: 'sell', asset: 'ACME' })).toMatchObject({
        available: (lots - filled) * lotMicros,
        held: 0n,
      });
    });
    fc.assert(property, { numRuns: 10_000 });
  }, 60_000);
});
