/** What a list has cost and what it must hold, by exact arithmetic and the words of the rules; slow, and apart from the ledger's own code. */
import { Fraction } from './fraction.ts';
import type { BookLeg } from './list-book.ts';

/** The grid and fees of the orders. */
export type ListMarket = { tickLotMicros: bigint; lotMicros: bigint; makerBps: number; takerBps: number };

const perUnit = 10_000n;

/** Exact fee, fee as charged and value of what a leg has traded, in micros. */
function tradedBy(leg: BookLeg, market: ListMarket) {
  const value = (leg.makerTicks + leg.takerTicks) * market.tickLotMicros;
  const maker = new Fraction(leg.makerTicks * market.tickLotMicros).times(BigInt(market.makerBps), perUnit);
  const exact = maker.plus(new Fraction(leg.takerTicks * market.tickLotMicros).times(BigInt(market.takerBps), perUnit));
  const fee = exact.ceil(feeUnit(market));
  return { value, exact, charged: leg.side === 'sell' && fee > value ? value : fee };
}

function feeUnit({ tickLotMicros }: ListMarket): bigint {
  return tickLotMicros < 10_000n ? tickLotMicros : 10_000n;
}

/** What the legs have brought together: cash in micros and lots. */
export function broughtBy(legs: readonly BookLeg[], market: ListMarket): { cash: bigint; lots: bigint } {
  let [cash, lots] = [0n, 0n];
  for (const leg of legs) {
    const { value, charged } = tradedBy(leg, market);
    cash += leg.side === 'sell' ? value - charged : -value - charged;
    lots += leg.side === 'sell' ? -leg.filledLots : leg.filledLots;
  }
  return { cash, lots };
}

/** What must be held for the live legs: cash in micros, shares in millionths. */
export function heldFor(legs: readonly BookLeg[], market: ListMarket): { cash: bigint; shares: bigint } {
  const live = legs.filter(({ isLive }) => isLive);
  const entry = live.find(({ role }) => role === 'entry');
  const exits = live.filter(({ role }) => role !== 'entry');
  const ofEntry = entry === undefined ? { cash: 0n, shares: 0n } : heldForOne(entry, market);
  const ofExits = heldForExits(entry, exits, market);
  return { cash: ofEntry.cash + ofExits.cash, shares: ofEntry.shares + ofExits.shares };
}

function heldForOne(leg: BookLeg, market: ListMarket): { cash: bigint; shares: bigint } {
  if (leg.side === 'sell') return { cash: 0n, shares: openAtMost(leg) * market.lotMicros };
  const rest = worstTicks(leg) * market.tickLotMicros;
  const { exact, charged } = tradedBy(leg, market);
  const fee = exact.plus(new Fraction(rest).times(dearest(market), perUnit)).ceil(feeUnit(market));
  return { cash: rest + fee - charged, shares: 0n };
}

/** Lots that are left, before or after the change that is on its way: that of an exit changes its price alone. */
function openAtMost({ role, openLots, comingLots, filledLots, change }: BookLeg): bigint {
  const next = change === undefined || role !== 'entry' ? 0n : change.lots - filledLots;
  return max([openLots + comingLots, next]);
}

/** The dearest course of an entry that buys: as much as possible before the change, nothing, or all without it. */
function worstTicks({ openLots, priceTicks, filledLots, change }: BookLeg): bigint {
  const unchanged = openLots * priceTicks;
  if (change === undefined) return unchanged;
  const next = max([change.lots - filledLots, 0n]);
  const courses = [0n, next < openLots ? next : openLots].map(
    (early) => early * priceTicks + (next - early) * change.priceTicks,
  );
  return max([unchanged, ...courses]);
}

/** The worst price of a leg, before or after the change that is on its way. */
function worstPrice({ side, priceTicks, change }: BookLeg): bigint {
  if (change === undefined) return priceTicks;
  return (side === 'buy') === change.priceTicks > priceTicks ? change.priceTicks : priceTicks;
}

function heldForExits(entry: BookLeg | undefined, exits: readonly BookLeg[], market: ListMarket) {
  const [first] = exits;
  const none = { cash: 0n, shares: 0n };
  if (first === undefined) return none;
  const most = max(exits.map(openAtMost));
  if (first.side === 'sell') return { cash: 0n, shares: most * market.lotMicros };
  const worst = max(exits.map(worstPrice)) * market.tickLotMicros;
  const unit = dearest(market) === 0n ? 0n : feeUnit(market);
  const traded = exits.map((exit) => tradedBy(exit, market));
  const exactFee = traded.reduce((sum, { exact }) => sum.plus(exact), new Fraction(0n));
  const charged = traded.reduce((sum, each) => sum + each.charged, 0n);
  const second = exits.length > 1 ? unit : 0n;
  const greatestFee = exactFee.plus(new Fraction(most * worst).times(dearest(market), perUnit));
  if (entry === undefined) {
    if (most === 0n) return none;
    return { cash: most * worst + greatestFee.ceil(feeUnit(market)) + second - charged, shares: 0n };
  }
  // The cost of a lot that is bought back, less what its sale brings at least, both with the dearer fee.
  const sale = worstPrice(entry) * market.tickLotMicros;
  const cost = new Fraction(worst).times(perUnit + dearest(market), perUnit);
  const short = cost.plus(new Fraction(-sale).times(perUnit - dearest(market), perUnit));
  const sold = tradedBy(entry, market);
  const cash = greatestFee
    .plus(new Fraction(most * worst + unit + second - charged))
    .plus(sold.exact)
    .plus(new Fraction(unit - sold.charged))
    .plus(short.numerator > 0n ? short.times(openAtMost(entry)) : new Fraction(0n));
  return { cash: cash.ceil(1n), shares: 0n };
}

function dearest({ makerBps, takerBps }: ListMarket): bigint {
  return BigInt(Math.max(makerBps, takerBps));
}

function max(numbers: readonly bigint[]): bigint {
  const [most = 0n] = numbers.toSorted((a, b) => Number(b - a));
  return most;
}
