import { runIdempotent } from '#platform/idempotency/run-idempotent.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Database, Sql } from '#platform/postgres/database.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { cashAsset, externalCashAccount } from '../domain/asset.ts';
import type { BalanceKey } from '../domain/balance-sheet.ts';
import type { Refusal } from '../domain/refusal.ts';
import { admitTransfer, bookTransfer, dropTransfer, type Transfer, type TransferTerms } from '../domain/transfer.ts';
import { publishTransferCompleted } from '../events/published.ts';
import type { FeedWriter } from '../feed-writer.ts';
import { keptAnswer } from '../kept-answer.ts';
import { readAccounts } from '../store/accounts.ts';
import { lockBalances, lockOrCreateBalances } from '../store/lock-balances.ts';
import {
  insertTransfer,
  lockTransfer,
  readPendingTransfers,
  readTransfer,
  updateTransferStatus,
} from '../store/transfers.ts';
import { writeBalances } from '../store/write-balances.ts';
import type { PaymentOutcome, PaymentProvider } from './payment-provider.ts';

/** Brings cash in and out, each transfer once by its key. */
export type TransferDesk = {
  /** Asks for a transfer and carries it as far as the provider lets it, or gives the kept refusal. The account must be known here. */
  request(
    terms: TransferTerms,
    key: string,
    signal: AbortSignal,
  ): Promise<{ transfer: Transfer } | { refusal: Refusal }>;
  /** Carries on with transfers older than `ageMs` that are still pending, at most 50; returns how many it found. */
  resume(ageMs: number, signal: AbortSignal): Promise<number>;
};

/** What the desk works with. */
export type TransferDeskOptions = {
  db: Database;
  provider: PaymentProvider;
  feed: Pick<FeedWriter, 'append'>;
  now: () => number;
  logger: Logger;
};

type Asked = { transferId: string } | { refusal: Refusal };

const resumeMax = 50;

/** A desk over the ledger's database. */
export function createTransferDesk(options: TransferDeskOptions): TransferDesk {
  const { db, now, logger } = options;
  return {
    async request(terms, key, signal) {
      const asked = await db.transaction((tx) => askOnce(tx, terms, key, now()));
      if ('refusal' in asked) return asked;
      return { transfer: await carryOn(options, asked.transferId, signal) };
    },
    async resume(ageMs, signal) {
      const pending = await readPendingTransfers(db, new Date(now() - ageMs), resumeMax);
      for (const { transferId } of pending) {
        if (signal.aborted) break;
        await carryOn(options, transferId, signal).catch((error) =>
          logger.warn({ error, transferId }, 'a transfer could not be carried on'),
        );
      }
      return pending.length;
    },
  };
}

function askOnce(tx: Sql, terms: TransferTerms, key: string, nowMs: number): Promise<Asked> {
  return runIdempotent<Asked>(tx, {
    scope: `transfer:${terms.accountId}`,
    key,
    fingerprint: [terms.kind, terms.amountCents, cashAsset].join('|'),
    run: () => ask(tx, terms, key, nowMs),
    ...keptAnswer<Asked>(),
  });
}

async function ask(tx: Sql, terms: TransferTerms, key: string, nowMs: number): Promise<Asked> {
  const sheet = await lockBalances(tx, terms.kind === 'withdrawal' ? [cashKey(terms.accountId)] : []);
  const account = (await readAccounts(tx, [terms.accountId])).get(terms.accountId);
  const refusal = admitTransfer(terms, account, sheet);
  if (refusal) return { refusal };
  const transfer: Transfer = { ...terms, transferId: uuidV7(nowMs), status: 'pending', createTimeMs: nowMs };
  await insertTransfer(tx, transfer, key);
  await writeBalances(tx, sheet);
  return { transferId: transfer.transferId };
}

/** Asks the provider, outside of any transaction, and books what it says. Any number of callers may do so at once. */
async function carryOn(options: TransferDeskOptions, transferId: string, signal: AbortSignal): Promise<Transfer> {
  const transfer = await readTransfer(options.db, transferId);
  if (!transfer) throw new Error('a transfer vanished');
  if (transfer.status !== 'pending') return transfer;
  const outcome = await options.provider.pay(transfer, signal).catch((error): PaymentOutcome => {
    options.logger.warn({ error, transferId }, 'the payment provider did not answer');
    return 'pending';
  });
  if (outcome === 'pending') return transfer;
  return options.db.transaction((tx) => conclude(tx, options.feed, transferId, outcome));
}

async function conclude(
  tx: Sql,
  feed: Pick<FeedWriter, 'append'>,
  transferId: string,
  outcome: 'completed' | 'failed',
): Promise<Transfer> {
  const transfer = await lockTransfer(tx, transferId);
  if (!transfer) throw new Error('a transfer vanished');
  if (transfer.status !== 'pending') return transfer;
  const sheet = await lockOrCreateBalances(tx, [cashKey(transfer.accountId), cashKey(externalCashAccount)]);
  const concluded: Transfer = { ...transfer, status: outcome };
  await updateTransferStatus(tx, transferId, outcome);
  if (outcome === 'failed') {
    dropTransfer(transfer, sheet);
    await writeBalances(tx, sheet);
    return concluded;
  }
  const entry = bookTransfer(transfer, sheet);
  await writeBalances(tx, sheet);
  await publishTransferCompleted(tx, concluded);
  await feed.append(tx, [entry]);
  return concluded;
}

function cashKey(accountId: string): BalanceKey {
  return { accountId, asset: cashAsset };
}
