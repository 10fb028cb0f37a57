import { amountMax } from '#platform/money/grid.ts';
import type { Account } from './account.ts';
import { insufficient, refuseAccount } from './admit-hold.ts';
import { cashAsset, externalCashAccount, formatAmount, issuerAccount } from './asset.ts';
import type { BalanceSheet } from './balance-sheet.ts';
import { balancedEntry, type Entry } from './entry.ts';
import type { Refusal } from './refusal.ts';

/** Which way cash goes. */
export type TransferKind = 'deposit' | 'withdrawal';

/** `pending` until the payment provider has answered; `completed` is booked, `failed` is not. Both are final. */
export type TransferStatus = 'pending' | 'completed' | 'failed';

/** A deposit or withdrawal; the amount is above 0. */
export type Transfer = {
  transferId: string;
  accountId: string;
  kind: TransferKind;
  amountMicros: bigint;
  status: TransferStatus;
  createTimeMs: number;
};

/**
 * How far a transfer is with its payment provider: `created` (not asked yet), `requested` (asked, unknown whether it has the payment),
 * `accepted` (it has it) while pending, then `completed`, `failed` (taken on and not done) or `refused`.
 */
export type TransferStage = 'created' | 'requested' | 'accepted' | 'completed' | 'failed' | 'refused';

/** A transfer with what is stored of its payment. */
export type StoredTransfer = Transfer & {
  stage: TransferStage;
  /** The provider that was asked; undefined before, and for cash that staff gave. */
  provider: string | undefined;
  /** The provider's own id of the payment, once it said one. */
  paymentId: string | undefined;
  /** Attempts in a row, the current one among them, in which the provider said no outcome. */
  attempts: number;
};

/** The terms of a transfer, as requested. */
export type TransferTerms = Pick<Transfer, 'accountId' | 'kind' | 'amountMicros'>;

/** Admits a requested transfer, or returns its refusal. The amount of an admitted withdrawal is held. */
export function admitTransfer(
  terms: TransferTerms,
  account: Account | undefined,
  sheet: BalanceSheet,
): Refusal | undefined {
  const refusal = refuseAccount(account?.state) ?? refuseAmount(terms.amountMicros, account);
  if (refusal || terms.kind === 'deposit') return refusal;
  const key = { accountId: terms.accountId, asset: cashAsset };
  if (sheet.read(key).available < terms.amountMicros) return insufficient(key, terms.amountMicros, sheet);
  sheet.hold(key, terms.amountMicros);
  return undefined;
}

/** Books a transfer that the provider has completed. */
export function bookTransfer(transfer: Transfer, sheet: BalanceSheet): Entry {
  const { accountId, transferId, kind } = transfer;
  const own = { accountId, asset: cashAsset };
  const external = { accountId: externalCashAccount, asset: cashAsset };
  const amountMicros = kind === 'deposit' ? transfer.amountMicros : -transfer.amountMicros;
  if (kind === 'deposit') sheet.credit(own, transfer.amountMicros);
  else sheet.debitHeld(own, transfer.amountMicros);
  sheet.credit(external, -amountMicros);
  return balancedEntry({ kind: 'cash', accountId, amountMicros, transferId }, [
    { ...own, amount: amountMicros, kind },
    { ...external, amount: -amountMicros, kind },
  ]);
}

/** Releases what a withdrawal held, when the provider has refused it. */
export function dropTransfer(transfer: Transfer, sheet: BalanceSheet): void {
  if (transfer.kind === 'withdrawal') {
    sheet.release({ accountId: transfer.accountId, asset: cashAsset }, transfer.amountMicros);
  }
}

/** New shares to be issued. `micros` is above 0. */
export type Issue = { issueId: string; accountId: string; symbol: string; micros: bigint };

/** Books new shares; refuses more of a symbol than the ledger can count. */
export function bookIssue(issue: Issue, sheet: BalanceSheet): Entry | Refusal {
  const { issueId, accountId, symbol, micros } = issue;
  const issuer = { accountId: issuerAccount, asset: symbol };
  const issued = micros - sheet.read(issuer).available;
  if (issued > amountMax) {
    const metadata = { amount: formatAmount(symbol, issued), limit: formatAmount(symbol, amountMax) };
    return { reason: 'amount-over-limit', metadata };
  }
  sheet.credit({ accountId, asset: symbol }, micros);
  sheet.credit(issuer, -micros);
  return balancedEntry({ kind: 'issue', accountId, symbol, micros, issueId }, [
    { accountId, asset: symbol, amount: micros, kind: 'issue' },
    { ...issuer, amount: -micros, kind: 'issue' },
  ]);
}

function refuseAmount(amountMicros: bigint, account: Account | undefined): Refusal | undefined {
  const limitMicros = account?.transferMaxMicros;
  if (limitMicros === undefined || amountMicros <= limitMicros) return undefined;
  const metadata = { amount: formatAmount(cashAsset, amountMicros), limit: formatAmount(cashAsset, limitMicros) };
  return { reason: 'amount-over-limit', metadata };
}
