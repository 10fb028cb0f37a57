import { jsonAnswer, runIdempotent } from '#platform/idempotency/run-idempotent.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { AccountDirectory } from '../clients/account-directory.ts';
import type { PaymentOutcome, PaymentProvider } from '../clients/payment-provider.ts';
import { cashAsset, externalCashAccount } from '../domain/asset.ts';
import type { BalanceKey } from '../domain/balance-sheet.ts';
import type { Refusal } from '../domain/refusal.ts';
import { admitTransfer, bookTransfer, dropTransfer, type Transfer, type TransferTerms } from '../domain/transfer.ts';
import type { FeedWriter } from '../events/feed-writer.ts';
import { publishTransferCompleted } from '../events/published.ts';
import { insertTransfer } from '../store/insert-transfer.ts';
import { lockBalances, lockOrCreateBalances } from '../store/lock-balances.ts';
import { readAccounts } from '../store/read-accounts.ts';
import { lockTransfer, readPendingTransfers, readTransfer } from '../store/read-transfers.ts';
import { updateTransferStatus } from '../store/update-transfer-status.ts';
import { writeChanges } from '../store/write-changes.ts';

/** Brings cash in and pays it out, each transfer once for its key. */
export type TransferService = {
  /** Takes a transfer as far as the payment provider does at once. Under a key that was used before, returns the first result again. */
  request(
    terms: TransferTerms,
    key: string,
    signal: AbortSignal,
  ): Promise<{ transfer: Transfer } | { refusal: Refusal }>;
  /** Resumes transfers that are pending and older than `ageMs`, at most 50. */
  resume(ageMs: number, signal: AbortSignal): Promise<void>;
};

/** What the service works with. */
export type TransferServiceOptions = {
  db: Database;
  accounts: Pick<AccountDirectory, 'ensure'>;
  provider: PaymentProvider;
  feed: Pick<FeedWriter, 'append'>;
  nowMs: () => number;
  logger: Logger;
};

/** What is stored under the key of a transfer. */
type Answer = { transferId: string } | { refusal: Refusal };

const resumeMax = 50;

/** A service over the ledger's database. */
export function createTransferService(options: TransferServiceOptions): TransferService {
  const { db, accounts, nowMs, logger } = options;
  return {
    async request(terms, key, signal) {
      await accounts.ensure([terms.accountId], signal);
      const answer = await db.transaction((tx) => createOnce(tx, terms, key, nowMs()));
      if ('refusal' in answer) return answer;
      return { transfer: await execute(options, answer.transferId, signal) };
    },
    async resume(ageMs, signal) {
      const pending = await readPendingTransfers(db, new Date(nowMs() - ageMs), resumeMax);
      for (const { transferId } of pending) {
        if (signal.aborted) return;
        await execute(options, transferId, signal).catch((error) =>
          logger.warn({ error, transferId }, 'a transfer could not be resumed'),
        );
      }
    },
  };
}

function createOnce(tx: Sql, terms: TransferTerms, key: string, nowMs: number): Promise<Answer> {
  return runIdempotent<Answer>(tx, {
    scope: `transfer:${terms.accountId}`,
    key,
    fingerprint: [terms.kind, terms.amountCents, cashAsset].join('|'),
    run: () => createTransfer(tx, terms, key, nowMs),
    ...jsonAnswer<Answer>(),
  });
}

async function createTransfer(tx: Sql, terms: TransferTerms, key: string, nowMs: number): Promise<Answer> {
  const sheet = await lockBalances(tx, terms.kind === 'withdrawal' ? [cashKey(terms.accountId)] : []);
  const account = (await readAccounts(tx, [terms.accountId])).get(terms.accountId);
  const refusal = admitTransfer(terms, account, sheet);
  if (refusal) return { refusal };
  const transfer: Transfer = { ...terms, transferId: uuidV7(nowMs), status: 'pending', createTimeMs: nowMs };
  await insertTransfer(tx, transfer, key);
  await writeChanges(tx, { sheet });
  return { transferId: transfer.transferId };
}

/** Requests the payment, outside of any transaction, and books its outcome. Any number of callers may do so at once. */
async function execute(options: TransferServiceOptions, transferId: string, signal: AbortSignal): Promise<Transfer> {
  const transfer = await readTransfer(options.db, transferId);
  if (!transfer) throw new Error('a transfer has vanished');
  if (transfer.status !== 'pending') return transfer;
  const outcome = await options.provider.pay(transfer, signal).catch((error): PaymentOutcome => {
    options.logger.warn({ error, transferId }, 'the payment provider did not answer');
    return 'pending';
  });
  if (outcome === 'pending') return transfer;
  return options.db.transaction((tx) => finish(tx, options.feed, transferId, outcome));
}

async function finish(
  tx: Sql,
  feed: Pick<FeedWriter, 'append'>,
  transferId: string,
  outcome: 'completed' | 'failed',
): Promise<Transfer> {
  const transfer = await lockTransfer(tx, transferId);
  if (!transfer) throw new Error('a transfer has vanished');
  if (transfer.status !== 'pending') return transfer;
  const sheet = await lockOrCreateBalances(tx, [cashKey(transfer.accountId), cashKey(externalCashAccount)]);
  const finished: Transfer = { ...transfer, status: outcome };
  await updateTransferStatus(tx, transferId, outcome);
  if (outcome === 'failed') {
    dropTransfer(transfer, sheet);
    await writeChanges(tx, { sheet });
    return finished;
  }
  const entry = bookTransfer(transfer, sheet);
  await publishTransferCompleted(tx, finished);
  await feed.append(tx, [entry], { sheet });
  return finished;
}

function cashKey(accountId: string): BalanceKey {
  return { accountId, asset: cashAsset };
}
