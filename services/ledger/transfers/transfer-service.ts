import { jsonAnswer, runIdempotent } from '#platform/idempotency/run-idempotent.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { microsPerCent } from '#platform/money/decimal.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { pause } from '#platform/time/pause.ts';
import type { AccountDirectory } from '../clients/account-directory.ts';
import { cashAsset } from '../domain/asset.ts';
import type { Refusal } from '../domain/refusal.ts';
import { admitTransfer, type StoredTransfer, type Transfer, type TransferTerms } from '../domain/transfer.ts';
import { insertTransfer } from '../store/insert-transfer.ts';
import { lockBalances } from '../store/lock-balances.ts';
import { beginAttempt, claimAttempts } from '../store/payments/attempts.ts';
import { readAccounts } from '../store/read-accounts.ts';
import { readTransfer } from '../store/read-transfers.ts';
import { writeChanges } from '../store/write-changes.ts';
import { attemptPayment } from './attempt-payment.ts';
import { attemptMs } from './attempt-times.ts';
import type { PaymentOptions } from './payment-options.ts';

/** Brings cash in and pays it out, each transfer once for its key. */
export type TransferService = {
  /** Takes a transfer as far as the payment provider does at once. Under a key that was used before, returns the first result again. */
  request(
    terms: TransferTerms,
    key: string,
    signal: AbortSignal,
  ): Promise<{ transfer: StoredTransfer } | { refusal: Refusal }>;
  /** Takes pending transfers to their provider whose time has come, at most 20, the longest due first. Returns whether there may be more. */
  resume(signal: AbortSignal): Promise<boolean>;
  /** As `resume`, for those that are stuck. */
  resumeStuck(signal: AbortSignal): Promise<boolean>;
};

/** What the service works with. */
export type TransferServiceOptions = PaymentOptions & { accounts: Pick<AccountDirectory, 'ensure'> };

/** What is stored under the key of a transfer. */
type Answer = { transferId: string } | { refusal: Refusal };

const resumeMax = 20;
const waitMs = 100;
const waitsMax = 10;

/** A service over the ledger's database. */
export function createTransferService(options: TransferServiceOptions): TransferService {
  const { db, accounts, nowMs } = options;
  return {
    async request(terms, key, signal) {
      await accounts.ensure([terms.accountId], signal);
      const answer = await db.transaction((tx) => createOnce(tx, terms, key, nowMs()));
      if ('refusal' in answer) return answer;
      return { transfer: await execute(options, answer.transferId, signal) };
    },
    resume: (signal) => resumeClaimed(options, 'due', signal),
    resumeStuck: (signal) => resumeClaimed(options, 'stuck', signal),
  };
}

function createOnce(tx: Sql, terms: TransferTerms, key: string, nowMs: number): Promise<Answer> {
  return runIdempotent<Answer>(tx, {
    scope: `transfer:${terms.accountId}`,
    key,
    fingerprint: [terms.kind, terms.amountMicros / microsPerCent, cashAsset].join('|'),
    run: () => createTransfer(tx, terms, key, nowMs),
    ...jsonAnswer<Answer>(),
  });
}

async function createTransfer(tx: Sql, terms: TransferTerms, key: string, nowMs: number): Promise<Answer> {
  const sheet = await lockBalances(tx, terms.kind === 'withdrawal' ? [{ ...terms, asset: cashAsset }] : []);
  const account = (await readAccounts(tx, [terms.accountId])).get(terms.accountId);
  const refusal = admitTransfer(terms, account, sheet);
  if (refusal) return { refusal };
  const transfer: Transfer = { ...terms, transferId: uuidV7(nowMs), status: 'pending', createTimeMs: nowMs };
  await insertTransfer(tx, transfer, key, new Date(nowMs + attemptMs));
  await writeChanges(tx, { sheet });
  return { transferId: transfer.transferId };
}

function attemptNow({ providers, nowMs }: PaymentOptions) {
  const timeMs = nowMs();
  return { provider: providers.active.name, now: new Date(timeMs), until: new Date(timeMs + attemptMs) };
}

/** Makes the first attempt. A call that repeats another waits for the end of that one's attempt, for a second at most. */
async function execute(
  options: TransferServiceOptions,
  transferId: string,
  signal: AbortSignal,
): Promise<StoredTransfer> {
  const { db } = options;
  const begun = await beginAttempt(db, transferId, attemptNow(options));
  if (begun !== undefined) await attemptPayment(options, begun, signal);
  let transfer = await requireTransfer(db, transferId);
  if (begun !== undefined) return transfer;
  for (let waits = 0; transfer.stage === 'requested' && waits < waitsMax && !signal.aborted; waits += 1) {
    await pause(waitMs, signal);
    transfer = await requireTransfer(db, transferId);
  }
  return transfer;
}

async function requireTransfer(sql: Sql, transferId: string): Promise<StoredTransfer> {
  const transfer = await readTransfer(sql, transferId);
  if (!transfer) throw new Error('a transfer has vanished');
  return transfer;
}

async function resumeClaimed(
  options: TransferServiceOptions,
  which: 'due' | 'stuck',
  signal: AbortSignal,
): Promise<boolean> {
  const claimed = await claimAttempts(options.db, which, { ...attemptNow(options), limit: resumeMax });
  const attempts = claimed.map((transfer) =>
    attemptPayment(options, transfer, signal).catch((error) =>
      options.logger.warn({ error, transferId: transfer.transferId }, 'a transfer could not be resumed'),
    ),
  );
  await Promise.all(attempts);
  return claimed.length === resumeMax;
}
