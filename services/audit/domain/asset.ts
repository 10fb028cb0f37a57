import { formatCash, formatDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';

/** The asset name of cash; every other asset is a symbol and counts millionths of a share. */
export const cashAsset = 'USD';

/** Where cash comes from and goes to. */
export const externalCashAccount = '00000000-0000-0000-0000-000000000001';

/** Where shares come from. */
export const issuerAccount = '00000000-0000-0000-0000-000000000002';

/** Where fees go. */
export const feeAccount = '00000000-0000-0000-0000-000000000003';

/** The house's side of corrections. What it has lost, others own. */
export const correctionAccount = '00000000-0000-0000-0000-000000000004';

/** The accounts that stand for the world outside: what they have lost is what was issued. */
export const sources: readonly string[] = [externalCashAccount, issuerAccount];

/** Writes an amount of an asset, given in its smallest unit, as a decimal. */
export function formatAmount(asset: string, amount: bigint): string {
  return asset === cashAsset ? formatCash(amount) : formatDecimal(amount, QUANTITY_SCALE);
}
