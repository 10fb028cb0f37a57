/** What users ask for: orders of every kind, changes and cancels of them, deposits and withdrawals, the same sequence for the same seed. */
import type { Random } from '../../../bench/load/index.ts';
import { type ListTerms, listTerms } from './list-terms.ts';
import {
  crossingTerms,
  decimal,
  kindTerms,
  restingTerms,
  type Side,
  type TermsJson,
  type TermsSource,
} from './terms.ts';

/** A call to make. One that changes or cancels orders names none: they are chosen among those that the user knows of when it is due. */
export type Draft =
  | { kind: 'place'; user: number; terms: TermsJson; crosses: boolean }
  | { kind: 'place-batch'; user: number; terms: TermsJson[] }
  | { kind: 'place-list'; user: number; list: ListTerms }
  | { kind: 'close'; user: number; symbol: string; part: Record<string, string> }
  | { kind: 'cancel-all'; user: number; filter: Record<string, string>; isKeyed: boolean }
  | { kind: 'replace' | 'cancel' | 'cancel-batch' | 'keep-alive'; user: number }
  | { kind: 'deposit' | 'withdraw'; user: number; amount: string }
  /** The repeat of a call that was answered. */
  | { kind: 'repeat'; user: number };

type Shares = { [kind in Exclude<Draft['kind'], 'place'> | 'crossing' | 'kinds']: number };

/** Market, limit and by-amount orders, cancels and transfers alone: the kinds by their share of 1,000 calls; resting limit orders are what is left. */
const plainShares: Shares = {
  ...{ crossing: 330, kinds: 0, 'place-batch': 0, 'place-list': 0, close: 0, replace: 0 },
  ...{ cancel: 150, 'cancel-batch': 0, 'cancel-all': 3, 'keep-alive': 0 },
  ...{ deposit: 30, withdraw: 30, repeat: 50 },
};
/** Everything that can be asked for. */
const allShares: Shares = {
  ...{ crossing: 150, kinds: 150, 'place-batch': 20, 'place-list': 40, close: 15, replace: 110 },
  ...{ cancel: 90, 'cancel-batch': 15, 'cancel-all': 8, 'keep-alive': 25 },
  ...{ deposit: 20, withdraw: 20, repeat: 50 },
};
const amountCentsMax = 200_000;
const batchMax = 5;
const closedLotsMax = 15;

/** Whose calls, on which books. */
export type MixOptions = {
  users: number;
  symbols: readonly string[];
  /** Whether orders of all kinds are placed, and changed, or market and limit orders alone. */
  kinds: 'all' | 'plain';
  /** Of 1,000 calls, orders that cross the spread; default by `kinds`. */
  crossingOf1000?: number | undefined;
  /** The market's clock in Unix milliseconds. Default: this machine's. */
  nowMs?: () => number;
};

/** An endless sequence of calls of these users on these books. */
export function createMix(
  random: Random,
  { users, symbols, kinds, crossingOf1000, nowMs = Date.now }: MixOptions,
): { next(): Draft } {
  const usual = kinds === 'all' ? allShares : plainShares;
  const shares = { ...usual, crossing: crossingOf1000 ?? usual.crossing };
  const source: TermsSource = { random, nowMs };
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const common = (): Side => ({ symbol: one(symbols), isBuy: random.below(2) === 0 });
  return {
    next(): Draft {
      const user = random.below(users);
      let rest = random.below(1_000);
      for (const [kind, share] of Object.entries(shares)) {
        rest -= share;
        if (rest < 0) return make(kind as keyof Shares, user);
      }
      return { kind: 'place', user, terms: restingTerms(source, common()), crosses: false };
    },
  };

  function make(kind: keyof Shares, user: number): Draft {
    switch (kind) {
      case 'crossing':
        return { kind: 'place', user, terms: crossingTerms(source, common()), crosses: true };
      case 'kinds':
        return { kind: 'place', user, terms: kindTerms(source, common()), crosses: false };
      case 'place-batch':
        return { kind, user, terms: Array.from({ length: 2 + random.below(batchMax - 1) }, anyTerms) };
      case 'place-list':
        return { kind, user, list: listTerms(source, common()) };
      case 'close':
        return { kind, user, symbol: one(symbols), part: closedPart(random) };
      case 'cancel-all':
        return { kind, user, filter: cancelFilter(random, one(symbols)), isKeyed: random.below(2) === 0 };
      case 'deposit':
      case 'withdraw':
        return { kind, user, amount: decimal(1 + random.below(amountCentsMax)) };
      default:
        return { kind, user };
    }
  }

  function anyTerms(): TermsJson {
    return one([crossingTerms, restingTerms, kindTerms])(source, common());
  }
}

/** A few of the many shares that each user has. */
function closedPart(random: Random): Record<string, string> {
  const lots = 1 + random.below(closedLotsMax);
  return random.below(2) === 0 ? { quantity: String(lots) } : { percentage: `0.0${String(lots).padStart(2, '0')}` };
}

function cancelFilter(random: Random, symbol: string): Record<string, string> {
  const bySymbol: Record<string, string>[] = [
    {},
    { symbol },
    { symbol, side: random.below(2) === 0 ? 'SIDE_BUY' : 'SIDE_SELL' },
  ];
  return bySymbol[random.below(bySymbol.length)] ?? {};
}
