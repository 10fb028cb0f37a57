/** Takes what a provider says of a payment into the books: the one place where a transfer becomes final. */
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { cashAsset, externalCashAccount } from '../domain/asset.ts';
import { BalanceError, type BalanceKey } from '../domain/balance-sheet.ts';
import type { Payment } from '../domain/payment.ts';
import { checkPayment, describe, type PaymentFinding } from '../domain/payment-check.ts';
import { bookTransfer, dropTransfer, type StoredTransfer } from '../domain/transfer.ts';
import { publishTransferCompleted } from '../events/published.ts';
import { lockOrCreateBalances } from '../store/lock-balances.ts';
import { noteEvent } from '../store/payments/events.ts';
import { acceptTransfer, finishTransfer } from '../store/payments/steps.ts';
import { lockTransfer } from '../store/read-transfers.ts';
import { writeChanges } from '../store/write-changes.ts';
import { acceptedUntilStuck, reconcileAfterMs } from './attempt-times.ts';
import type { PaymentOptions } from './payment-options.ts';
import { reportFinding, storeFinding } from './report-finding.ts';

/** What a provider says, and the event that says it: absent for answers and lists. */
export type PaymentNews = { provider: string; payment: Payment; eventId?: string };

/** `repeated`: the event was taken before. `refused`: it differs from the ledger; a finding is stored. */
export type PaymentOutcome = 'applied' | 'repeated' | 'refused';

type Step = { outcome: PaymentOutcome; finding?: PaymentFinding };

/**
 * Applies it in one transaction: event, state, cash and the entry of the feed commit together or not at all. It may come any number of
 * times, in any order and in several replicas at once. A payment that differs is stored as a finding, and never booked.
 */
export async function applyPayment(options: PaymentOptions, news: PaymentNews): Promise<PaymentOutcome> {
  try {
    return await commitNews(options, news, (tx) => takeStep(tx, options, news));
  } catch (error) {
    if (!(error instanceof BalanceError)) throw error;
    const finding: PaymentFinding = {
      rule: 'booking-refused',
      paymentKey: news.payment.key,
      expected: error.message,
      found: describe(news.payment),
    };
    return commitNews(options, news, async () => ({ outcome: 'refused', finding }));
  }
}

async function commitNews(
  options: PaymentOptions,
  { provider, eventId }: PaymentNews,
  take: (tx: Sql) => Promise<Step>,
): Promise<PaymentOutcome> {
  const now = new Date(options.nowMs());
  const { outcome, finding, isNew } = await options.db.transaction(async (tx) => {
    const isRepeat = eventId !== undefined && !(await noteEvent(tx, provider, eventId, now));
    const step: Step = isRepeat ? { outcome: 'repeated' } : await take(tx);
    const isNewFinding = step.finding !== undefined && (await storeFinding(tx, provider, step.finding, now));
    return { ...step, isNew: isNewFinding };
  });
  if (finding !== undefined) reportFinding(options, provider, finding, isNew);
  return outcome;
}

async function takeStep(tx: Sql, options: PaymentOptions, { provider, payment }: PaymentNews): Promise<Step> {
  const transfer = isUuidV7(payment.key) ? await lockTransfer(tx, payment.key) : undefined;
  const step = checkPayment(transfer, provider, payment);
  if (typeof step === 'object') return { outcome: 'refused', finding: step };
  if (step === 'nothing' || transfer === undefined) return { outcome: 'applied' };
  const facts = { transferId: transfer.transferId, provider, paymentId: payment.paymentId };
  if (step === 'accept') {
    await acceptTransfer(tx, facts, acceptedUntilStuck(transfer.createTimeMs, options.nowMs()));
    return { outcome: 'applied' };
  }
  const next = new Date(options.nowMs() + reconcileAfterMs);
  const status = step === 'book' ? 'completed' : 'failed';
  const isPending = await finishTransfer(tx, facts, { status, isRefused: payment.state === 'refused', next });
  // The row is locked and was pending.
  if (!isPending) throw new Error('a transfer changed under its lock');
  if (step === 'book') await book(tx, options, transfer);
  else await release(tx, transfer);
  return { outcome: 'applied' };
}

async function book(tx: Sql, { feed }: PaymentOptions, transfer: StoredTransfer): Promise<void> {
  const sheet = await lockOrCreateBalances(tx, [cashKey(transfer.accountId), cashKey(externalCashAccount)]);
  const entry = bookTransfer(transfer, sheet);
  await publishTransferCompleted(tx, transfer);
  await feed.append(tx, [entry], { sheet });
}

async function release(tx: Sql, transfer: StoredTransfer): Promise<void> {
  if (transfer.kind === 'deposit') return;
  const sheet = await lockOrCreateBalances(tx, [cashKey(transfer.accountId)]);
  dropTransfer(transfer, sheet);
  await writeChanges(tx, { sheet });
}

function cashKey(accountId: string): BalanceKey {
  return { accountId, asset: cashAsset };
}
