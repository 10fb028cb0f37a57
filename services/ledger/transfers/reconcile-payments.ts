/** Compares the ledger with a provider's list, both ways, in pages. What only lacks a callback is mended; every other difference is reported. */
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { timeoutSignal, within } from '#platform/time/within.ts';
import type { PaymentProvider } from '../clients/payments/payment-provider.ts';
import type { Payment } from '../domain/payment.ts';
import { checkPayment, type PaymentFinding } from '../domain/payment-check.ts';
import type { StoredTransfer } from '../domain/transfer.ts';
import {
  markReconciled,
  postponeReconciling,
  type ReconciliationPosition,
  readPosition,
  readUnreconciled,
  writePosition,
} from '../store/payments/reconciliation.ts';
import { readTransfers } from '../store/read-transfers.ts';
import { applyPayment } from './apply-payment.ts';
import { callTimeoutMs, reconcileAfterMs } from './attempt-times.ts';
import type { PaymentOptions } from './payment-options.ts';
import { reportFinding, storeFinding } from './report-finding.ts';

const pageMax = 100;
const roundPauseMs = 60_000;
// A provider may list a change some time after it: each round looks back beyond the begin of the one before.
const overlapMs = 10 * 60_000;
const unlistedMax = 20;

/**
 * Compares one page of the provider's list, or begins the next round when the last began a minute ago. Stores how far it came after
 * each page, so that another process goes on there. Returns whether there is more to do at once. Rejects when the provider does not answer.
 */
export async function reconcilePage(
  options: PaymentOptions,
  provider: PaymentProvider,
  signal: AbortSignal,
): Promise<boolean> {
  const { db, nowMs } = options;
  const stored = await readPosition(db, provider.name);
  const position = nextPosition(stored, nowMs());
  if (position === undefined) return false;
  const { sinceMs, cursor } = position;
  const bounded = AbortSignal.any([signal, timeoutSignal(callTimeoutMs)]);
  const page = await within(callTimeoutMs + 100, provider.list({ sinceMs, cursor, limit: pageMax }, bounded));
  // A list that does not advance would be read without end.
  if (page.nextCursor !== '' && page.nextCursor === cursor)
    throw new Error('the list of the provider does not advance');
  await comparePage(options, provider, page.payments);
  await writePosition(db, provider.name, { ...position, cursor: page.nextCursor });
  return page.nextCursor !== '';
}

function nextPosition(stored: ReconciliationPosition | undefined, nowMs: number): ReconciliationPosition | undefined {
  if (stored === undefined) return { sinceMs: 0, roundMs: nowMs, cursor: '' };
  if (stored.cursor !== '') return stored;
  if (nowMs - stored.roundMs < roundPauseMs) return undefined;
  return { sinceMs: stored.roundMs - overlapMs, roundMs: nowMs, cursor: '' };
}

async function comparePage(
  options: PaymentOptions,
  { name: provider }: PaymentProvider,
  payments: readonly Payment[],
): Promise<void> {
  const { db, logger } = options;
  const found = await readTransfers(db, payments.map(({ key }) => key).filter(isUuidV7));
  const transfers = new Map(found.map((transfer) => [transfer.transferId, transfer]));
  for (const payment of payments) {
    const step = checkPayment(transfers.get(payment.key), provider, payment);
    if (step === 'nothing') continue;
    // Checked again under a lock there. One that cannot be applied harms no other of the page.
    await applyPayment(options, { provider, payment }).catch((error) =>
      logger.error({ error, provider, payment_key: payment.key }, 'a listed payment could not be applied'),
    );
  }
  const agreed = payments.filter((payment) => isAgreed(transfers.get(payment.key), provider, payment));
  await markReconciled(
    db,
    agreed.map(({ key }) => key),
  );
}

function isAgreed(transfer: StoredTransfer | undefined, provider: string, payment: Payment): boolean {
  const isFinal = payment.state !== 'pending' && transfer?.status !== 'pending';
  return isFinal && checkPayment(transfer, provider, payment) === 'nothing';
}

/**
 * Looks for finished transfers that no page of the list has shown, at most 20. One that the provider does not know, or calls pending, is a
 * finding, unless it failed: a refusal may leave nothing there. Returns whether there may be more.
 */
export async function searchUnlisted(options: PaymentOptions, signal: AbortSignal): Promise<boolean> {
  const { db, nowMs, logger } = options;
  const unlisted = await readUnreconciled(db, new Date(nowMs()), unlistedMax);
  for (const transfer of unlisted) {
    // First, so that one that cannot be looked up does not stand before the others.
    await postponeReconciling(db, transfer.transferId, new Date(nowMs() + reconcileAfterMs));
    await searchOne(options, transfer, signal).catch((error) =>
      logger.warn({ error, transferId: transfer.transferId }, 'a transfer could not be looked up at its provider'),
    );
  }
  return unlisted.length === unlistedMax;
}

async function searchOne(options: PaymentOptions, transfer: StoredTransfer, signal: AbortSignal): Promise<void> {
  const { transferId } = transfer;
  const provider = options.providers.find(transfer.provider ?? '');
  if (provider === undefined) throw new Error(`the provider ${transfer.provider} is not configured any more`);
  const bounded = AbortSignal.any([signal, timeoutSignal(callTimeoutMs)]);
  const payment = await within(callTimeoutMs + 100, provider.lookUp(transferId, bounded));
  const finding = findingOf(transfer, provider.name, payment);
  if (finding !== undefined) {
    const isNew = await storeFinding(options.db, provider.name, finding, new Date(options.nowMs()));
    reportFinding(options, provider.name, finding, isNew);
  }
  await markReconciled(options.db, [transferId]);
}

function findingOf(
  transfer: StoredTransfer,
  provider: string,
  payment: Payment | undefined,
): PaymentFinding | undefined {
  const { transferId: paymentKey, status, stage, paymentId } = transfer;
  if (payment === undefined) {
    if (status !== 'completed') return undefined;
    return { rule: 'unknown-there', paymentKey, expected: `${stage}, as ${paymentId}`, found: 'no such payment' };
  }
  if (payment.state === 'pending') {
    return { rule: 'state-differs', paymentKey, expected: `${stage}, as ${paymentId}`, found: 'pending' };
  }
  const step = checkPayment(transfer, provider, payment);
  return typeof step === 'object' ? step : undefined;
}
