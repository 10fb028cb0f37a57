import { CENT_SCALE, formatDecimal, microsPerCent } from '#platform/money/decimal.ts';
import { cashAsset } from './asset.ts';
import type { Payment, PaymentOrder } from './payment.ts';
import type { StoredTransfer, Transfer } from './transfer.ts';

/** In what way a provider and the ledger differ. The contract lists the same names. */
export type FindingRule =
  | 'unknown-here'
  | 'unknown-there'
  | 'terms-differ'
  | 'payment-doubled'
  | 'state-differs'
  | 'booking-refused';

/** A difference that is reported and never booked. */
export type PaymentFinding = { rule: FindingRule; paymentKey: string; expected: string; found: string };

/** What follows from what a provider says of a payment. `accept`: it has the payment; `drop`: nothing will be booked. */
export type PaymentStep = 'nothing' | 'accept' | 'book' | 'drop' | PaymentFinding;

/** What a provider is asked for a transfer. Transfers are of whole cents, as they were requested in cents. */
export function paymentOrderOf({ transferId, kind, amountMicros }: Transfer): PaymentOrder {
  const amountCents = amountMicros / microsPerCent;
  return { key: transferId, direction: kind === 'deposit' ? 'in' : 'out', amountCents, currency: cashAsset };
}

/**
 * Decides on what a provider, by its name, says of a payment, in whatever order its answers, lists and callbacks come. A transfer leaves `pending` once; what says
 * otherwise afterwards is a finding, and so is every difference in the terms.
 */
export function checkPayment(transfer: StoredTransfer | undefined, provider: string, payment: Payment): PaymentStep {
  const differs = (rule: FindingRule, expected: string): PaymentFinding => {
    return { rule, paymentKey: payment.key, expected, found: describe(payment) };
  };
  // The provider is stored before it is asked. One that was not asked, as for cash that staff gave, has nothing to say.
  if (transfer?.provider !== provider) return differs('unknown-here', 'no such payment');
  const order = paymentOrderOf(transfer);
  const { direction, amountCents, currency } = payment;
  const isAsOrdered = direction === order.direction && amountCents === order.amountCents && currency === order.currency;
  if (!isAsOrdered) return differs('terms-differ', describeOrder(order));
  if (transfer.paymentId !== undefined && transfer.paymentId !== payment.paymentId) {
    return differs('payment-doubled', `${describeOrder(order)} as ${transfer.paymentId}`);
  }
  if (transfer.status !== 'pending') {
    const isAgreed =
      payment.state === 'pending' || (payment.state === 'completed') === (transfer.status === 'completed');
    return isAgreed ? 'nothing' : differs('state-differs', `${describeOrder(order)}, ${transfer.stage}`);
  }
  switch (payment.state) {
    case 'pending':
      return 'accept';
    case 'completed':
      return 'book';
    case 'failed':
    case 'refused':
      return 'drop';
  }
}

/** A payment in words, for findings. */
export function describe(payment: Payment): string {
  return `${describeOrder(payment)}, ${payment.state}, as ${payment.paymentId}`;
}

function describeOrder({ direction, amountCents, currency }: PaymentOrder): string {
  return `${direction} ${formatDecimal(amountCents, CENT_SCALE, CENT_SCALE)} ${currency}`;
}
