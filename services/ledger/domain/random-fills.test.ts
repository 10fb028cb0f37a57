import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feeAccount } from './asset.ts';
import { BalanceSheet } from './balance-sheet.ts';
import type { ExchangeEvent } from './exchange-event.ts';
import { type Fill, type Hold, type HoldTerms, heldAmount, heldAsset, unfilled } from './hold.ts';
import { settle } from './settle.ts';
import { Fraction } from './testing/fraction.ts';

/** The fees of both orders and their book, from the smallest to what a listing and an account take at most. */
const market = fc.record({
  bps: fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 1_000 }))),
  tickLotCents: fc.oneof(fc.constant(1n), fc.bigInt({ min: 1n, max: 2n ** 31n - 1n })),
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
    settle([event], { sheet: this.sheet, holds: this.holds });
    for (const side of ['buy', 'sell'] as const) {
      const { terms } = this.holds.get(side) as Hold;
      const value = lots * priceTicks * terms.tickLotCents;
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
    const property = fc.property(market, cuts, ({ bps, tickLotCents, lotMicros, lots, bid, room }, parts) => {
      // What a market and an account take of an order at most.
      fc.pre(lots * bid * tickLotCents <= 10n ** 14n && lots * lotMicros <= 4n * 10n ** 18n);
      const [buyMaker, buyTaker, sellMaker, sellTaker] = bps as [number, number, number, number];
      const common = { symbol: 'ACME', lots, tickLotCents, lotMicros };
      const ask = bid - (bid * room) / million || 1n;
      const book = new Settlement();
      const terms = { ...common, accountId: 'buy', side: 'buy' as const, priceTicks: bid };
      const hold = book.open({ ...terms, makerBps: buyMaker, takerBps: buyTaker });
      const sale = { ...common, accountId: 'sell', side: 'sell' as const, priceTicks: ask };
      book.open({ ...sale, makerBps: sellMaker, takerBps: sellTaker });

      const dearest = BigInt(Math.max(buyMaker, buyTaker));
      const greatest = (value: bigint) => new Fraction(value).times(10_000n + dearest, 10_000n);
      const held = hold.amount;
      expect(held).toBe(greatest(lots * bid * tickLotCents).ceil());

      let filled = 0n;
      for (const { at, price, buyerRested } of parts.toSorted((a, b) => Number(a.at - b.at))) {
        const part = between(0n, lots, at) - filled;
        if (part <= 0n) continue;
        filled += part;
        book.trade(part, between(ask, bid, price), buyerRested ? 'maker' : 'taker', lots - filled);
        const { value, fee } = book.exact.buy;
        const paid = held - hold.amount - book.cash('buy').available;
        expect(paid).toBe(value + fee.ceil());
        // What is left pays for the dearest end, and for no whole cent more.
        const rest = greatest((lots - filled) * bid * tickLotCents)
          .plus(fee)
          .plus(new Fraction(value));
        expect(paid + hold.amount).toBe(filled === lots ? paid : rest.ceil());
        expect(paid + hold.amount <= held).toBe(true);
      }

      const ended = ['buy', 'sell'].map((orderId): ExchangeEvent => ({ kind: 'ended', sequence: 2n, orderId }));
      settle(ended, book);
      const { buy, sell } = book.exact;
      const buyerFee = buy.fee.ceil();
      const sellerFee = lesser(sell.fee.ceil(), sell.value);
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
