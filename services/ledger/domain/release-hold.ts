import { endAmendment } from './amended-amount.ts';
import type { BalanceSheet } from './balance-sheet.ts';
import { type Hold, heldAsset } from './hold.ts';

/**
 * Releases the hold of an order that was voided, and returns whether it did. An order that has traded was in the book: its
 * end comes with the exchange's feed, perhaps after more trades that are still to be settled from this hold, so it stays.
 */
export function releaseHold(hold: Hold, sheet: BalanceSheet): boolean {
  if (hold.state !== 'open' || hold.progress.filledLots > 0n) return false;
  sheet.release({ accountId: hold.terms.accountId, asset: heldAsset(hold.terms) }, hold.amount);
  hold.amount = 0n;
  hold.state = 'released';
  endAmendment(hold);
  return true;
}
