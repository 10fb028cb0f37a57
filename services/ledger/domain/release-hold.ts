import { endAmendment } from './amended-amount.ts';
import type { BalanceSheet } from './balance-sheet.ts';
import { type Hold, heldAsset } from './hold.ts';
import { balanceList, isExitHold, type ListHolds } from './settle-list.ts';

/**
 * Releases the hold of an order that was voided, and returns whether it did. An order that has traded was in the book: its
 * end comes with the exchange's feed, perhaps after more trades that are still to be settled from this hold, so it stays.
 */
export function releaseHold(hold: Hold, sheet: BalanceSheet): boolean {
  if (hold.state !== 'open' || hold.progress.filledLots > 0n) return false;
  hold.state = 'released';
  endAmendment(hold);
  freeOwn(hold, sheet);
  return true;
}

/**
 * Releases a leg of a list that was voided, as `releaseHold`; a list of which any leg has traded was in the book. The legs that are not
 * released hold what they make necessary. Returns the legs that have changed.
 */
export function releaseLeg(hold: Hold, legs: ListHolds, sheet: BalanceSheet): readonly Hold[] {
  if (legs.some(({ progress }) => progress.filledLots > 0n) || !releaseHold(hold, sheet)) return [];
  balanceList(legs, sheet);
  return legs;
}

/** What an exit of a list holds may be held for the other one too. */
function freeOwn(hold: Hold, sheet: BalanceSheet): void {
  if (isExitHold(hold)) return;
  sheet.release({ accountId: hold.terms.accountId, asset: heldAsset(hold.terms) }, hold.amount);
  hold.amount = 0n;
}
