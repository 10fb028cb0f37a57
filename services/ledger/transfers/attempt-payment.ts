/** Takes a transfer to its provider once. */
import { timeoutSignal, within } from '#platform/time/within.ts';
import type { PaymentProvider } from '../clients/payments/payment-provider.ts';
import type { Payment } from '../domain/payment.ts';
import { paymentOrderOf } from '../domain/payment-check.ts';
import type { StoredTransfer } from '../domain/transfer.ts';
import { endAttempt } from '../store/payments/attempts.ts';
import { applyPayment } from './apply-payment.ts';
import { afterFailure, callTimeoutMs } from './attempt-times.ts';
import type { PaymentOptions } from './payment-options.ts';
import { reportFinding, storeFinding } from './report-finding.ts';

/**
 * Asks the provider for a transfer whose attempt has begun, outside of any transaction, and applies what it says. What it does not say in
 * time is asked again later, after a growing pause. Never rejects for the provider's sake; rejects when the database cannot be reached.
 */
export async function attemptPayment(
  options: PaymentOptions,
  transfer: StoredTransfer,
  signal: AbortSignal,
): Promise<void> {
  const { logger, nowMs, db } = options;
  const { transferId, attempts } = transfer;
  const payment = await askProvider(options, transfer, signal).catch((error) => {
    logger.warn({ error, transferId, attempts }, 'the payment provider did not answer');
    return undefined;
  });
  if (payment === undefined) {
    await endAttempt(db, transfer, afterFailure(attempts, nowMs()));
    return;
  }
  const provider = transfer.provider ?? options.providers.active.name;
  const outcome = await applyPayment(options, { provider, payment });
  // It stays pending, and what differs is looked at again as seldom as what gets no answer.
  if (outcome === 'refused') await endAttempt(db, transfer, afterFailure(attempts, nowMs()));
}

async function askProvider(
  options: PaymentOptions,
  transfer: StoredTransfer,
  signal: AbortSignal,
): Promise<Payment | undefined> {
  const name = transfer.provider ?? options.providers.active.name;
  const provider = options.providers.find(name);
  if (provider === undefined) throw new Error(`the provider ${name} is not configured any more`);
  const order = paymentOrderOf(transfer);
  // The outcome of an attempt before this one may be unknown, and a provider may forget keys of calls sooner than payments.
  const known =
    transfer.attempts === 1 && transfer.stage !== 'accepted'
      ? undefined
      : await call(signal, (within) => provider.lookUp(order.key, within));
  if (known !== undefined) return known;
  if (transfer.stage === 'accepted') return reportVanished(options, provider, transfer);
  return call(signal, (within) => provider.create(order, within));
}

/** A provider that had the payment and does not know it any more. It is never asked to make it again. */
async function reportVanished(
  options: PaymentOptions,
  { name }: PaymentProvider,
  transfer: StoredTransfer,
): Promise<undefined> {
  const { db, nowMs } = options;
  const finding = {
    rule: 'unknown-there',
    paymentKey: transfer.transferId,
    expected: `accepted, as ${transfer.paymentId}`,
    found: 'no such payment',
  } as const;
  reportFinding(options, name, finding, await storeFinding(db, name, finding, new Date(nowMs())));
}

/** The answer to a call, which ends for us after `callTimeoutMs` even if the provider takes no notice of its signal. */
async function call<T>(signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const bounded = AbortSignal.any([signal, timeoutSignal(callTimeoutMs)]);
  return within(callTimeoutMs + 100, ask(bounded));
}
