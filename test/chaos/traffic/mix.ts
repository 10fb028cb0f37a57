/** What users ask for: orders of every kind, cancels, deposits and withdrawals, the same sequence for the same seed. */
import type { Random } from '../../../bench/load/index.ts';

/** A call to make. A cancel names no order: it is chosen among those that the user knows of when it is due. */
export type Draft =
  | { kind: 'place'; user: number; terms: Record<string, unknown>; crosses: boolean }
  | { kind: 'cancel' | 'cancel-all'; user: number }
  | { kind: 'deposit' | 'withdraw'; user: number; amount: string }
  /** The repeat of a call that was answered. */
  | { kind: 'repeat'; user: number };

/** The kinds by their share of 1,000 calls; resting limit orders are what is left. */
const sharesOf1000 = {
  crossing: 330,
  cancel: 150,
  'cancel-all': 3,
  deposit: 30,
  withdraw: 30,
  repeat: 50,
};
const midCents = 10_000;
const restingTicks = 50;
const restingLotsMax = 10;
const crossingLotsMax = 15;
const throughTicks = 100;
const amountCentsMax = 200_000;

/** Whose calls, on which books. */
export type MixOptions = {
  users: number;
  symbols: readonly string[];
  /** Of 1,000 calls, orders that cross the spread; default 330. */
  crossingOf1000?: number;
};

/** An endless sequence of calls of these users on these books. */
export function createMix(
  random: Random,
  { users, symbols, crossingOf1000 = sharesOf1000.crossing }: MixOptions,
): { next(): Draft } {
  const shares = { ...sharesOf1000, crossing: crossingOf1000 };
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const common = () => ({ symbol: one(symbols), isBuy: random.below(2) === 0 });
  return {
    next(): Draft {
      const user = random.below(users);
      let rest = random.below(1_000);
      for (const [kind, share] of Object.entries(shares)) {
        rest -= share;
        if (rest < 0) return make(kind as keyof typeof sharesOf1000, user);
      }
      return { kind: 'place', user, terms: restingTerms(random, common()), crosses: false };
    },
  };

  function make(kind: keyof typeof sharesOf1000, user: number): Draft {
    switch (kind) {
      case 'crossing':
        return { kind: 'place', user, terms: crossingTerms(random, common()), crosses: true };
      case 'deposit':
      case 'withdraw':
        return { kind, user, amount: decimal(1 + random.below(amountCentsMax)) };
      default:
        return { kind, user };
    }
  }
}

type Side = { symbol: string; isBuy: boolean };

function restingTerms(random: Random, { symbol, isBuy }: Side): Record<string, unknown> {
  const distance = 1 + random.below(restingTicks);
  return {
    ...limit(symbol, isBuy, midCents + (isBuy ? -distance : distance)),
    quantity: String(1 + random.below(restingLotsMax)),
    ...(random.below(10) === 0 ? { postOnly: true } : {}),
  };
}

/** One in six at the market, one in six buys for an amount, the others at a limit beyond the spread: to rest, immediate, or all or none. */
function crossingTerms(random: Random, { symbol, isBuy }: Side): Record<string, unknown> {
  const quantity = String(1 + random.below(crossingLotsMax));
  switch (random.below(6)) {
    case 0:
      return { symbol, side: side(isBuy), type: 'ORDER_TYPE_MARKET', quantity };
    case 1:
      return {
        symbol,
        side: side(true),
        type: 'ORDER_TYPE_MARKET',
        amount: decimal(15_000 + random.below(amountCentsMax)),
      };
    default: {
      const timeInForce = ['GTC', 'IOC', 'FOK'][random.below(3)];
      const price = midCents + (isBuy ? throughTicks : -throughTicks);
      return { ...limit(symbol, isBuy, price), quantity, timeInForce: `TIME_IN_FORCE_${timeInForce}` };
    }
  }
}

function limit(symbol: string, isBuy: boolean, priceCents: number) {
  return { symbol, side: side(isBuy), type: 'ORDER_TYPE_LIMIT', limitPrice: decimal(priceCents) };
}

function side(isBuy: boolean): string {
  return isBuy ? 'SIDE_BUY' : 'SIDE_SELL';
}

function decimal(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
