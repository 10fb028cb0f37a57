import { cumulativeFeeMicros, type FeeTerms, type FilledValue, greatestFeeMicros } from '#platform/money/fees.ts';
import type { Amendment } from './amendment.ts';
import { cashAsset } from './asset.ts';

/** Which way an order trades. */
export type Side = 'buy' | 'sell';

/** What an order may do at most; frozen when its hold is taken. */
export type HoldTerms = FeeTerms & {
  accountId: string;
  symbol: string;
  side: Side;
  /** Lots ordered, traded ones included. */
  lots: bigint;
  /** The worst price at which the order may trade, in ticks. */
  priceTicks: bigint;
  /** Micros of one tick of one lot. */
  tickLotMicros: bigint;
  /** Millionths of a share in one lot. */
  lotMicros: bigint;
  /** Of a buy by amount: the cash in micros that value and fee together may take. Absent: what the lots cost at their worst price. */
  amountMicros?: bigint | undefined;
};

/** How far an order is, summed over its fills. */
export type HoldProgress = FilledValue & { filledLots: bigint };

/**
 * The life of a hold: `open` until its order is final on the exchange (`settled`) or was voided (`released`, also for an id that
 * was closed before it had a hold); `refused` when it was never taken. Only `open` holds anything, and no state
 * leads back to it.
 */
export type HoldState = 'open' | 'settled' | 'released' | 'refused';

/** The place of an order in a list: its entry, or one of its exits. */
export type ListRole = 'entry' | 'first-exit' | 'second-exit';

/** What makes an order the leg of a list. */
export type ListLeg = {
  listId: string;
  role: ListRole;
  /** Of an exit: lots that the entry has traded and by which the exchange is about to increase it. */
  comingLots: bigint;
};

/**
 * A hold that was taken. `amount` is what it holds at the moment, in the smallest unit of its asset. The exits of a list share one hold,
 * which stands with the first of them that is open: the other one has an amount of 0.
 */
export type Hold = {
  orderId: string;
  state: HoldState;
  terms: HoldTerms;
  progress: HoldProgress;
  amount: bigint;
  /** Times that the exchange changed the terms. */
  revision: number;
  /** The last change of the order that the hold was asked to pay for; absent: none ever was. */
  amendment?: Amendment;
  /** Absent: the order belongs to no list. */
  leg?: ListLeg;
};

/** One fill as the order sees it. */
export type Fill = { lots: bigint; priceTicks: bigint; role: 'maker' | 'taker' };

/** What one fill costs or brings, in micros and millionths of a share, and what the order is after it. */
export type FillEffect = { valueMicros: bigint; feeMicros: bigint; micros: bigint; progress: HoldProgress };

/** An order that has not traded. */
export const unfilled: HoldProgress = { filledLots: 0n, makerValueMicros: 0n, takerValueMicros: 0n };

/** The asset that an order of these terms holds: buys hold cash, sells hold shares. */
export function heldAsset(terms: HoldTerms): string {
  return terms.side === 'buy' ? cashAsset : terms.symbol;
}

/**
 * What an open order holds, in the smallest unit of its asset: a sell the shares that are left; a buy what is left at its
 * worst price, plus the greatest fee of the whole order, less the fee that was charged already; a buy by amount what is left of that.
 */
export function heldAmount(terms: HoldTerms, progress: HoldProgress): bigint {
  const remainingLots = terms.lots - progress.filledLots;
  if (remainingLots === 0n) return 0n;
  if (terms.side === 'sell') return remainingLots * terms.lotMicros;
  if (terms.amountMicros !== undefined) return amountLeft(terms, terms.amountMicros, progress);
  return costOfRest(terms, progress, remainingLots * terms.priceTicks);
}

/** What `restValue` lots times ticks more of a buy cost at most, fee included, in micros. */
export function costOfRest(terms: HoldTerms, progress: HoldProgress, restValue: bigint): bigint {
  const restMicros = restValue * terms.tickLotMicros;
  return restMicros + greatestFeeMicros(terms, terms.side, progress, restMicros) - chargedFeeMicros(terms, progress);
}

function amountLeft(terms: HoldTerms, amountMicros: bigint, progress: HoldProgress): bigint {
  const { makerValueMicros, takerValueMicros } = progress;
  return amountMicros - makerValueMicros - takerValueMicros - chargedFeeMicros(terms, progress);
}

/** The fee charged for the fills so far, in micros. */
export function chargedFeeMicros(terms: HoldTerms, progress: HoldProgress): bigint {
  return cumulativeFeeMicros(terms, terms.side, progress);
}

/** What a fill does to an order. The fill must lie within the terms; see `withinTerms`. */
export function applyFill(terms: HoldTerms, progress: HoldProgress, fill: Fill): FillEffect {
  const valueMicros = fill.lots * fill.priceTicks * terms.tickLotMicros;
  const next = {
    filledLots: progress.filledLots + fill.lots,
    makerValueMicros: progress.makerValueMicros + (fill.role === 'maker' ? valueMicros : 0n),
    takerValueMicros: progress.takerValueMicros + (fill.role === 'taker' ? valueMicros : 0n),
  };
  const feeMicros = chargedFeeMicros(terms, next) - chargedFeeMicros(terms, progress);
  return { valueMicros, feeMicros, micros: fill.lots * terms.lotMicros, progress: next };
}

/** Whether an order may trade like this: no more than is left, at its worst price or better, and within its amount. */
export function withinTerms(terms: HoldTerms, progress: HoldProgress, fill: Fill): boolean {
  if (fill.lots <= 0n || progress.filledLots + fill.lots > terms.lots) return false;
  if (terms.amountMicros !== undefined) {
    const { progress: after } = applyFill(terms, progress, fill);
    if (amountLeft(terms, terms.amountMicros, after) < 0n) return false;
  }
  return terms.side === 'buy' ? fill.priceTicks <= terms.priceTicks : fill.priceTicks >= terms.priceTicks;
}
