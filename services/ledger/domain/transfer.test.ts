import { describe, expect, it } from 'vitest';
import { amountMax } from '#platform/money/grid.ts';
import type { Account } from './account.ts';
import { externalCashAccount, issuerAccount } from './asset.ts';
import { BalanceSheet } from './balance-sheet.ts';
import { admitTransfer, bookIssue, bookTransfer, dropTransfer, type Transfer } from './transfer.ts';

const account: Account = {
  accountId: 'ann',
  version: 1n,
  state: 'active',
  house: false,
  transferMaxMicros: 50_000_000n,
};
const cash = { accountId: 'ann', asset: 'USD' };
const sheetWith = (available: bigint) => new BalanceSheet([{ ...cash, available, held: 0n }]);
const withdrawal = (amountMicros: bigint): Transfer => ({
  transferId: 'transfer',
  accountId: 'ann',
  kind: 'withdrawal',
  amountMicros,
  status: 'pending',
  createTimeMs: 0,
});

describe('admitTransfer', () => {
  it('refuses more than the limit of the account, with both numbers', () => {
    const refusal = admitTransfer(
      { accountId: 'ann', kind: 'deposit', amountMicros: 50_010_000n },
      account,
      sheetWith(0n),
    );
    expect(refusal).toEqual({ reason: 'amount-over-limit', metadata: { amount: '50.01', limit: '50.00' } });
  });

  it('holds the amount of a withdrawal, and refuses what is not available', () => {
    const sheet = sheetWith(10_000_000n);
    expect(admitTransfer(withdrawal(10_000_000n), account, sheet)).toBeUndefined();
    expect(sheet.read(cash)).toMatchObject({ available: 0n, held: 10_000_000n });
    expect(admitTransfer(withdrawal(10_000n), account, sheet)).toEqual({
      reason: 'cash-insufficient',
      metadata: { needed: '0.01', available: '0.00', held: '10.00', currency: 'USD' },
    });
  });

  it('refuses accounts that are frozen or unknown', () => {
    const frozen: Account = { ...account, state: 'frozen' };
    expect(admitTransfer(withdrawal(10_000n), frozen, sheetWith(100_000n))?.reason).toBe('account-frozen');
    expect(admitTransfer(withdrawal(10_000n), undefined, sheetWith(100_000n))?.reason).toBe('account-not-found');
  });
});

describe('bookTransfer', () => {
  it('pays a withdrawal from what is held, to the account for the banks outside', () => {
    const sheet = sheetWith(10_000_000n);
    admitTransfer(withdrawal(4_000_000n), account, sheet);
    const { postings } = bookTransfer(withdrawal(4_000_000n), sheet);
    expect(sheet.read(cash)).toMatchObject({ available: 6_000_000n, held: 0n });
    expect(sheet.read({ accountId: externalCashAccount, asset: 'USD' }).available).toBe(4_000_000n);
    expect(postings.map(({ amount }) => amount)).toEqual([-4_000_000n, 4_000_000n]);
  });
});

describe('dropTransfer', () => {
  it('releases what a failed withdrawal held', () => {
    const sheet = sheetWith(10_000_000n);
    admitTransfer(withdrawal(4_000_000n), account, sheet);
    dropTransfer(withdrawal(4_000_000n), sheet);
    expect(sheet.read(cash)).toMatchObject({ available: 10_000_000n, held: 0n });
  });
});

describe('bookIssue', () => {
  it('owes to the issuer what it gives', () => {
    const sheet = new BalanceSheet();
    bookIssue({ issueId: 'issue', accountId: 'ann', symbol: 'ACME', micros: 5n }, sheet);
    expect(sheet.read({ accountId: 'ann', asset: 'ACME' }).available).toBe(5n);
    expect(sheet.read({ accountId: issuerAccount, asset: 'ACME' }).available).toBe(-5n);
  });

  it('refuses more of a symbol than can be counted', () => {
    const issue = { issueId: 'issue', accountId: 'ann', symbol: 'ACME', micros: amountMax };
    const sheet = new BalanceSheet();
    bookIssue(issue, sheet);
    expect(bookIssue({ ...issue, accountId: 'bob', micros: 1n }, sheet)).toMatchObject({ reason: 'amount-over-limit' });
  });
});
