import { formatCash, formatDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';

/** The asset name of cash; every other asset is a symbol and counts millionths of a share. */
export const cashAsset = 'USD';

/** Stands for the banks outside, where cash comes from and goes to. Its balance is minus what came in. */
export const externalCashAccount = '00000000-0000-0000-0000-000000000001';

/** Where shares come from; its balance in a symbol is minus what was issued of it. */
export const issuerAccount = '00000000-0000-0000-0000-000000000002';

/** Where fees go. It never falls below 0. */
export const feeAccount = '00000000-0000-0000-0000-000000000003';

/** The house's side of corrections: what it has lost by them, below 0, or won. */
export const correctionAccount = '00000000-0000-0000-0000-000000000004';

const systemAccounts = new Set([externalCashAccount, issuerAccount, feeAccount, correctionAccount]);
const overdrawable = new Set([externalCashAccount, issuerAccount, correctionAccount]);

/** Whether the account is one of the ledger's own. */
export function isSystemAccount(accountId: string): boolean {
  return systemAccounts.has(accountId);
}

/** Whether an account may fall below 0: the two from which cash and shares come, and the one that pays for corrections. */
export function mayOverdraw(accountId: string): boolean {
  return overdrawable.has(accountId);
}

/** Whether the text can name an instrument: 1 to 12 characters of [A-Z0-9.], and not the name of cash. */
export function isSymbol(text: string): boolean {
  return text !== cashAsset && /^[A-Z0-9.]{1,12}$/.test(text);
}

/** Writes an amount of an asset, given in its smallest unit, as a decimal. */
export function formatAmount(asset: string, amount: bigint): string {
  return asset === cashAsset ? formatCash(amount) : formatDecimal(amount, QUANTITY_SCALE);
}
