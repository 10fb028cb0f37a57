import { amountMax } from '#platform/money/grid.ts';
import type { AccountState } from './account.ts';
import { insufficient } from './admit-hold.ts';
import { correctionAccount, formatAmount } from './asset.ts';
import type { BalanceSheet } from './balance-sheet.ts';
import { balancedEntry, type Correction, type Entry } from './entry.ts';
import type { Refusal } from './refusal.ts';

/** A correction of an account, and when it was made, in Unix milliseconds. */
export type Adjustment = Correction & { timeMs: number };

/** A correction as it is asked for. */
export type AdjustmentTerms = Omit<Correction, 'adjustmentId'>;

/**
 * Moves what is free against the house's correction account; refuses more than is free, and more than the ledger can count. A frozen account
 * can be corrected. The sheet is unchanged after a refusal.
 */
export function bookAdjustment(
  adjustment: Adjustment,
  state: AccountState | undefined,
  sheet: BalanceSheet,
): Entry | Refusal {
  const { timeMs: _, ...corrected } = adjustment;
  const { accountId, asset, amount } = corrected;
  const [own, house] = [accountId, correctionAccount].map((owner) => ({ accountId: owner, asset })) as [Key, Key];
  const refusal = refuseState(state) ?? refuseAmount(own, amount, sheet);
  if (refusal) return refusal;
  sheet.credit(own, amount);
  sheet.credit(house, -amount);
  return balancedEntry({ kind: 'adjustment', ...corrected }, [
    { ...own, amount, kind: 'adjustment' },
    { ...house, amount: -amount, kind: 'adjustment' },
  ]);
}

type Key = { accountId: string; asset: string };

function refuseState(state: AccountState | undefined): Refusal | undefined {
  if (state === undefined) return { reason: 'account-not-found', metadata: {} };
  return state === 'closed' ? { reason: 'account-closed', metadata: {} } : undefined;
}

function refuseAmount(own: Key, amount: bigint, sheet: BalanceSheet): Refusal | undefined {
  const { available, held } = sheet.read(own);
  if (available + amount < 0n) return insufficient(own, -amount, sheet);
  if (available + held + amount <= amountMax) return undefined;
  const metadata = { amount: formatAmount(own.asset, amount), limit: formatAmount(own.asset, amountMax) };
  return { reason: 'amount-over-limit', metadata };
}
