/** What an account must own, by what it was given and by the fills of its orders alone: exact fractions, and none of the product's arithmetic. */
import { Fraction, zero } from './fraction.ts';

/** One fill of an order. */
export type SlowFill = {
  orderId: string;
  symbol: string;
  side: 'buy' | 'sell';
  quantity: Fraction;
  price: Fraction;
  isMaker: boolean;
};

/** Basis points of the value that each role pays, and to what a fee is rounded up: a cent, or a tick of a lot where that is less. */
export type SlowFees = { makerBps: number; takerBps: number; unit: Fraction };

type SlowOrder = { isSale: boolean; weighted: Fraction; value: Fraction; fee: Fraction; quantity: Fraction };

const bps = new Fraction(1n, 10_000n);

/** An account. */
export class SlowAccount {
  readonly #fees: SlowFees;
  readonly #orders = new Map<string, SlowOrder>();
  readonly #shares = new Map<string, Fraction>();
  #cash = zero;
  #feesPaid = zero;

  constructor(fees: SlowFees) {
    this.#fees = fees;
  }

  get cash(): Fraction {
    return this.#cash;
  }

  /** Of all fills together. */
  get feesPaid(): Fraction {
    return this.#feesPaid;
  }

  sharesOf(symbol: string): Fraction {
    return this.#shares.get(symbol) ?? zero;
  }

  /** Shares that an order has traded. */
  tradedBy(orderId: string): Fraction {
    return this.#orders.get(orderId)?.quantity ?? zero;
  }

  /** What `quantity` more of a buy costs at most at `price`: its value, and the greatest fee of the whole order less what it has paid. */
  costOf(orderId: string, quantity: Fraction, price: Fraction): Fraction {
    const { makerBps, takerBps, unit } = this.#fees;
    const { weighted, fee } = this.#orders.get(orderId) ?? { weighted: zero, fee: zero };
    const value = quantity.times(price);
    const dearest = value.times(new Fraction(BigInt(Math.max(makerBps, takerBps))));
    return value.plus(weighted.plus(dearest).times(bps).upTo(unit)).minus(fee);
  }

  /** Cash that came in; below 0: that went out. */
  pay(amount: Fraction): void {
    this.#cash = this.#cash.plus(amount);
  }

  /** Shares that came in. */
  issue(symbol: string, quantity: Fraction): void {
    this.#shares.set(symbol, this.sharesOf(symbol).plus(quantity));
  }

  /**
   * Books a fill and returns its fee: what the order owes for all of its fills, rounded up once, less what it has paid. A sale never pays more than it
   * brings. Fills of an order are booked in the sequence in which they happened.
   */
  fill({ orderId, symbol, side, quantity, price, isMaker }: SlowFill): Fraction {
    const { makerBps, takerBps, unit } = this.#fees;
    const isSale = side === 'sell';
    const value = quantity.times(price);
    const before = this.#orders.get(orderId) ?? { isSale, weighted: zero, value: zero, fee: zero, quantity: zero };
    if (before.isSale !== isSale) throw new Error(`order ${orderId} has traded on both sides`);
    const rate = new Fraction(BigInt(isMaker ? makerBps : takerBps));
    const weighted = before.weighted.plus(value.times(rate));
    const allValue = before.value.plus(value);
    const owed = weighted.times(bps).upTo(unit);
    const fee = isSale && owed.isAbove(allValue) ? allValue : owed;
    this.#orders.set(orderId, { isSale, weighted, value: allValue, fee, quantity: before.quantity.plus(quantity) });
    const charged = fee.minus(before.fee);
    this.#feesPaid = this.#feesPaid.plus(charged);
    this.pay(isSale ? value.minus(charged) : zero.minus(value).minus(charged));
    this.issue(symbol, isSale ? zero.minus(quantity) : quantity);
    return charged;
  }
}
