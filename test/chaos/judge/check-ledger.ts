/** Sums over the ledger's own tables. */
import { type Finding, findingsOf } from './finding.ts';
import type { Stores } from './stores.ts';

/** Accounts that stand for the world outside: cash and shares come from there. */
export const outsideAccounts = ['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002'];

type Row = { subject: string; detail: string };

const rules: Readonly<Record<string, string>> = {
  'postings-sum-to-zero': `
    SELECT 'entry ' || sequence || ' ' || asset AS subject, 'sums to ' || sum(amount) AS detail
    FROM posting GROUP BY sequence, asset HAVING sum(amount) <> 0`,
  'entry-has-postings': `
    SELECT 'entry ' || coalesce(entry.sequence, p.sequence) AS subject,
      CASE WHEN p.sequence IS NULL THEN 'has no postings' ELSE 'has postings and no entry' END AS detail
    FROM entry FULL JOIN (SELECT DISTINCT sequence FROM posting) AS p ON p.sequence = entry.sequence
    WHERE entry.sequence IS NULL OR p.sequence IS NULL`,
  'entries-without-gap': `
    SELECT 'entry ' || sequence AS subject, 'follows ' || before AS detail
    FROM (SELECT sequence, lag(sequence, 1, 0::bigint) OVER (ORDER BY sequence) AS before FROM entry) AS pair
    WHERE sequence <> before + 1`,
  'balance-equals-postings': `
    SELECT 'account ' || account_id || ' ' || asset AS subject,
      'has ' || coalesce(b.total, 0) || ', its postings sum to ' || coalesce(p.total, 0) AS detail
    FROM (SELECT account_id, asset, available + held AS total FROM balance) AS b
    FULL JOIN (SELECT account_id, asset, sum(amount) AS total FROM posting GROUP BY account_id, asset) AS p
      USING (account_id, asset)
    WHERE coalesce(b.total, 0) <> coalesce(p.total, 0)`,
  'held-equals-holds': `
    WITH due AS (
      SELECT account_id, CASE side WHEN 'buy' THEN 'USD' ELSE symbol END AS asset, sum(amount) AS amount
      FROM hold WHERE state = 'open' GROUP BY 1, 2
      UNION ALL
      SELECT account_id, 'USD', sum(amount_micros) FROM transfer
      WHERE kind = 'withdrawal' AND status NOT IN ('completed', 'failed', 'refused') GROUP BY 1
    ), summed AS (SELECT account_id, asset, sum(amount) AS amount FROM due GROUP BY 1, 2)
    SELECT 'account ' || account_id || ' ' || asset AS subject,
      'holds ' || coalesce(held, 0) || ', its holds sum to ' || coalesce(amount, 0) AS detail
    FROM balance FULL JOIN summed USING (account_id, asset)
    WHERE coalesce(held, 0) <> coalesce(amount, 0)`,
  'trade-booked-whole': `
    SELECT 'trade ' || reference AS subject, count(posting.*) || ' postings of cash and shares' AS detail
    FROM entry LEFT JOIN posting ON posting.sequence = entry.sequence AND posting.kind = 'trade'
    WHERE entry.kind = 'trade' GROUP BY entry.sequence, reference HAVING count(posting.*) <> 4`,
};

/** Everything that the ledger alone can show. */
export async function checkLedger(stores: Stores): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [rule, text] of Object.entries(rules))
    found.push(...findingsOf(rule, await stores.read<Row>('ledger', text)));
  return found;
}
