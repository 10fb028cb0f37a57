import type { Sql } from '#platform/postgres/sql.ts';
import type { PaymentFinding } from '../domain/payment-check.ts';
import { insertFinding } from '../store/payments/findings.ts';
import type { PaymentOptions } from './payment-options.ts';

const textMax = 500;
const keyMax = 200;

/** Stores a finding with what is decided for it; returns whether it is new. */
export function storeFinding(tx: Sql, provider: string, finding: PaymentFinding, now: Date): Promise<boolean> {
  const { rule, paymentKey, expected, found } = finding;
  const cut = {
    paymentKey: paymentKey.slice(0, keyMax),
    expected: expected.slice(0, textMax),
    found: found.slice(0, textMax),
  };
  return insertFinding(tx, provider, { rule, ...cut }, now);
}

/** Raises the alarm of a finding that was stored: a log line and a count, for a repeat of it as well. */
export function reportFinding(
  { logger, metrics }: Pick<PaymentOptions, 'logger' | 'metrics'>,
  provider: string,
  finding: PaymentFinding,
  isNew: boolean,
): void {
  const { rule, paymentKey, expected, found } = finding;
  metrics
    .counter({
      name: 'outcry_payment_findings_total',
      help: 'Differences between a payment provider and the ledger, by rule, each time that they are found',
      labels: ['provider', 'rule'],
    })
    .inc({ provider, rule });
  const facts = { event: 'payment.finding', provider, rule, payment_key: paymentKey, expected, found };
  if (isNew) logger.error(facts, 'the payment provider and the ledger differ');
  else logger.warn(facts, 'the payment provider and the ledger still differ');
}
