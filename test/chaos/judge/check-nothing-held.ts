/** After every order was cancelled: nothing is open, and nothing is held. */
import { type Finding, findingsOf } from './finding.ts';
import type { Stores } from './stores.ts';

type Row = { subject: string; detail: string };

const rules: readonly { store: string; rule: string; text: string }[] = [
  {
    store: 'order',
    rule: 'nothing-is-open',
    text: `SELECT 'order ' || order_id AS subject, 'is ' || state AS detail
      FROM orders WHERE account_id = ANY ($1) AND state NOT IN ('filled', 'cancelled', 'rejected')`,
  },
  {
    store: 'ledger',
    rule: 'nothing-is-held',
    text: `SELECT 'account ' || account_id || ' ' || asset AS subject, 'holds ' || held AS detail
      FROM balance WHERE account_id = ANY ($1) AND held <> 0`,
  },
  {
    store: 'ledger',
    rule: 'nothing-is-held',
    text: `SELECT 'hold ' || order_id AS subject, 'is open' AS detail FROM hold WHERE account_id = ANY ($1) AND state = 'open'`,
  },
];

/** What is left of these accounts. */
export async function checkNothingHeld(stores: Stores, accountIds: readonly string[]): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { store, rule, text } of rules)
    found.push(...findingsOf(rule, await stores.read<Row>(store, text, [accountIds])));
  return found;
}
