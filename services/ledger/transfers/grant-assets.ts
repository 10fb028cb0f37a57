import { jsonAnswer, runIdempotent } from '#platform/idempotency/run-idempotent.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { microsPerCent } from '#platform/money/decimal.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { refuseAccount } from '../domain/admit-hold.ts';
import { cashAsset, externalCashAccount, issuerAccount } from '../domain/asset.ts';
import type { BalanceKey, BalanceSheet } from '../domain/balance-sheet.ts';
import type { Entry } from '../domain/entry.ts';
import type { Refusal } from '../domain/refusal.ts';
import { bookIssue, bookTransfer, type Transfer } from '../domain/transfer.ts';
import type { FeedWriter } from '../events/feed-writer.ts';
import { publishTransferCompleted } from '../events/published.ts';
import { insertTransfer } from '../store/insert-transfer.ts';
import { lockOrCreateBalances } from '../store/lock-balances.ts';
import { readAccounts } from '../store/read-accounts.ts';

/** What an account gets in one step: cash by a deposit (micros of whole cents, 0 for none) and shares by issues (millionths, above 0). */
export type Grant = {
  accountId: string;
  cashMicros: bigint;
  shares: { symbol: string; micros: bigint }[];
  /** Whether only a house account may get it; any other one is not found then. */
  houseOnly?: boolean;
};

/** Sequence of the first entry booked, as text; or why nothing was. */
export type GrantOutcome = { sequence: string } | { refusal: Refusal };

/** What grants work with. */
export type GrantOptions = { db: Database; feed: Pick<FeedWriter, 'append'>; nowMs: () => number };

/**
 * Gives an account cash and shares in one transaction, once for a key of the scope. Every cent is a deposit and every share an
 * issue, as for any account. The grant must not be empty. The key comes first: whatever became of the account since, a repeat has the first
 * outcome. The account must have its copy, if there is such an account at all.
 */
export async function grantAssets(
  { db, feed, nowMs }: GrantOptions,
  grant: Grant,
  scope: string,
  key: string,
): Promise<GrantOutcome> {
  const shares = grant.shares.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  return db.transaction((tx) =>
    runIdempotent<GrantOutcome>(tx, {
      scope,
      key,
      fingerprint: [
        grant.accountId,
        grant.cashMicros / microsPerCent,
        ...shares.map(({ symbol, micros }) => `${symbol}=${micros}`),
      ].join('|'),
      run: () => bookGrant(tx, feed, { ...grant, shares }, key, nowMs()),
      ...jsonAnswer<GrantOutcome>(),
    }),
  );
}

async function bookGrant(
  tx: Sql,
  feed: Pick<FeedWriter, 'append'>,
  grant: Grant,
  key: string,
  nowMs: number,
): Promise<GrantOutcome> {
  const account = (await readAccounts(tx, [grant.accountId])).get(grant.accountId);
  const refusal = refuseAccount(grant.houseOnly && !account?.house ? undefined : account?.state);
  if (refusal) return { refusal };
  const sheet = await lockOrCreateBalances(tx, keysOf(grant));
  const issues = bookIssues(grant, sheet);
  if ('refusal' in issues) return issues;
  const entries = issues.entries;
  if (grant.cashMicros > 0n) entries.unshift(await bookCash(tx, grant, sheet, key, nowMs));
  return { sequence: String(await feed.append(tx, entries, { sheet })) };
}

function bookIssues(grant: Grant, sheet: BalanceSheet): { entries: Entry[] } | { refusal: Refusal } {
  const entries: Entry[] = [];
  for (const { symbol, micros } of grant.shares) {
    const booked = bookIssue({ issueId: uuidV7(), accountId: grant.accountId, symbol, micros }, sheet);
    // The sheet is not written then.
    if ('reason' in booked) return { refusal: booked };
    entries.push(booked);
  }
  return { entries };
}

async function bookCash(tx: Sql, grant: Grant, sheet: BalanceSheet, key: string, nowMs: number): Promise<Entry> {
  const transfer: Transfer = {
    transferId: uuidV7(nowMs),
    accountId: grant.accountId,
    kind: 'deposit',
    amountMicros: grant.cashMicros,
    status: 'completed',
    createTimeMs: nowMs,
  };
  await insertTransfer(tx, transfer, key);
  await publishTransferCompleted(tx, transfer);
  return bookTransfer(transfer, sheet);
}

function keysOf({ accountId, cashMicros, shares }: Grant): BalanceKey[] {
  const assets = shares.map(({ symbol }) => symbol);
  const keys = assets.flatMap((asset) => [accountId, issuerAccount].map((owner) => ({ accountId: owner, asset })));
  if (cashMicros === 0n) return keys;
  return [...keys, ...[accountId, externalCashAccount].map((owner) => ({ accountId: owner, asset: cashAsset }))];
}
