/** The ledger's transfers against what its local payment provider has done. */
import { type Finding, findingsOf } from './finding.ts';
import type { Stores } from './stores.ts';

type Row = { subject: string; detail: string };

const rules: Readonly<Record<string, string>> = {
  'payment-is-the-transfer': `
    SELECT 'transfer ' || coalesce(transfer.transfer_id::text, payment_key) AS subject,
      'here ' || coalesce(status || ' ' || transfer.amount_micros, 'none') || ', at the provider '
        || coalesce(outcome || ' ' || local_payment.amount_cents, 'none') AS detail
    FROM (SELECT * FROM transfer WHERE provider IS NOT NULL) AS transfer
    FULL JOIN local_payment ON payment_key = transfer.transfer_id::text
    WHERE (status = 'completed') IS DISTINCT FROM (outcome = 'completed')
      OR transfer.amount_micros IS DISTINCT FROM local_payment.amount_cents * 10000`,
  'no-payment-findings': `SELECT 'payment ' || payment_key AS subject, rule || ': ' || expected || ', ' || found AS detail FROM payment_finding`,
};

/** Each completed transfer was paid once and by its amount, and nothing was paid that is not a completed transfer. */
export async function checkPayments(stores: Stores): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [rule, text] of Object.entries(rules))
    found.push(...findingsOf(rule, await stores.read<Row>('ledger', text)));
  return found;
}
