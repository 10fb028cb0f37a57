/** What the exchange's events do to the holds of a list: the rules R27 to R29 of its rulebook, as far as they concern money. */
import { lesser } from '#platform/money/extremes.ts';
import { BalanceError, type BalanceKey, type BalanceSheet } from './balance-sheet.ts';
import { type FillEffect, type Hold, heldAsset, type ListLeg } from './hold.ts';
import { exitsAmount, isExit, liveLeg } from './list-hold.ts';

/** The hold of a leg. */
export type LegHold = Hold & { leg: ListLeg };

/** The holds of all legs of one list, an entry first. */
export type ListHolds = readonly LegHold[];

/** Whether a hold is that of a leg. */
export function isLeg(hold: Hold): hold is LegHold {
  return hold.leg !== undefined;
}

/** Whether a hold is that of an exit. */
export function isExitHold(hold: Hold): hold is LegHold {
  return isLeg(hold) && isExit(hold.leg.role);
}

/**
 * Follows a trade that was booked. What an entry bought, or what it brought after its fee, goes straight into the hold of the exits, so that
 * nothing else can use it, and as many lots are coming to them; without a live exit it stays available. A trade of an exit takes as many lots
 * from the other one. The exchange's events of both follow. Changes the holds in place; `balanceList` is to be called next.
 */
export function followTrade(
  legs: ListHolds,
  { hold, effect }: { hold: LegHold; effect: FillEffect },
  lots: bigint,
  sheet: BalanceSheet,
): void {
  const others = openExits(legs).filter((exit) => exit !== hold);
  if (isExit(hold.leg.role)) {
    for (const other of others) reduceLots(other, lots);
    return;
  }
  const [first] = others;
  if (first === undefined) return;
  const brought = hold.terms.side === 'buy' ? effect.micros : effect.valueMicros - effect.feeMicros;
  sheet.hold({ accountId: first.terms.accountId, asset: heldAsset(first.terms) }, brought);
  first.amount += brought;
  for (const exit of others) exit.leg.comingLots += lots;
}

/** Takes lots that the exchange has added to an exit from those that were coming. Throws BalanceError for more than the entry traded. */
export function takeComingLots(hold: LegHold, addedLots: bigint): void {
  if (addedLots <= 0n) return;
  if (addedLots > hold.leg.comingLots) {
    throw new BalanceError(`order ${hold.orderId} was increased by more than its entry traded`);
  }
  hold.leg.comingLots -= addedLots;
}

/**
 * Lets the exits hold what the live legs make necessary, and frees the rest of what they held. The hold stands with the first open exit. Throws
 * BalanceError when they hold less than that.
 */
export function balanceList(legs: ListHolds, sheet: BalanceSheet): void {
  const exits = heldByExits(legs);
  if (exits === undefined) return;
  const { key, held, needed } = exits;
  if (needed > held) throw new BalanceError(`the exits of list ${legs[0]?.leg.listId} need more than they hold`);
  sheet.release(key, held - needed);
  holdWithExits(legs, needed);
}

/** What the exits of a list hold together, and what the live legs make necessary; undefined: it has none. */
export function heldByExits(legs: ListHolds): { key: BalanceKey; held: bigint; needed: bigint } | undefined {
  const exits = legs.filter(isExitHold);
  const [first] = exits;
  if (first === undefined) return undefined;
  const entry = openEntry(legs);
  return {
    key: { accountId: first.terms.accountId, asset: heldAsset(first.terms) },
    held: exits.reduce((sum, { amount }) => sum + amount, 0n),
    needed: exitsAmount(entry && liveLeg(entry), openExits(legs).map(liveLeg)),
  };
}

/** Lets the hold of the exits stand with the first open one. */
export function holdWithExits(legs: ListHolds, amount: bigint): void {
  const [bearer] = openExits(legs);
  for (const exit of legs.filter(isExitHold)) exit.amount = exit === bearer ? amount : 0n;
}

/** The hold of the entry while that lives. */
export function openEntry(legs: ListHolds): LegHold | undefined {
  return legs.find(({ leg, state }) => !isExit(leg.role) && state === 'open');
}

function openExits(legs: ListHolds): LegHold[] {
  return legs.filter((hold) => isExitHold(hold) && hold.state === 'open');
}

function reduceLots(exit: LegHold, lots: bigint): void {
  const { terms, progress } = exit;
  const openLots = terms.lots - progress.filledLots;
  exit.terms = { ...terms, lots: terms.lots - lesser(openLots, lots) };
  exit.revision += 1;
}
