/** Orders against their fills, their holds, and what the ledger has booked. */
import { compareHolds } from './compare-holds.ts';
import { type Finding, findingsOf } from './finding.ts';
import type { Stores } from './stores.ts';

type Row = { subject: string; detail: string };

const finalStates = `('filled', 'cancelled', 'rejected')`;
// What is left of an order may be taken from it by a change, by self-trade prevention or by another order of its list.
const mayShrink = '(revision > 1 OR list_id IS NOT NULL)';
const rules: Readonly<Record<string, string>> = {
  'saga-is-final': `
    SELECT 'order ' || order_id AS subject,
      state || CASE WHEN cancel_requested THEN ', cancel requested' ELSE '' END AS detail
    FROM orders WHERE state IN ('intent', 'submitting', 'compensating') OR (state = 'open' AND cancel_requested)`,
  'fills-sum-to-filled': `
    SELECT 'order ' || orders.order_id AS subject, 'filled ' || filled_lots || ', its fills sum to ' || coalesce(lots, 0) AS detail
    FROM orders LEFT JOIN (SELECT order_id, sum(lots) AS lots FROM fills GROUP BY order_id) AS f USING (order_id)
    WHERE filled_lots <> coalesce(lots, 0) OR (state = 'filled' AND filled_lots <> quantity_lots)
      OR (filled_lots = quantity_lots AND state NOT IN ('filled', 'rejected') AND NOT ${mayShrink})`,
  'fees-sum-to-fee': `
    SELECT 'order ' || orders.order_id AS subject, 'fee ' || orders.fee_micros || ', those of its fills ' || f.fee AS detail
    FROM orders JOIN (SELECT order_id, sum(fee_micros) AS fee FROM fills GROUP BY order_id) AS f USING (order_id)
    WHERE orders.fee_micros <> f.fee`,
  'trade-has-two-sides': `
    SELECT 'trade ' || trade_id AS subject, string_agg(side || ' ' || lots || ' at ' || price_ticks, ', ') AS detail
    FROM fills GROUP BY trade_id
    HAVING count(*) <> 2 OR count(DISTINCT side) <> 2 OR count(DISTINCT lots) <> 1 OR count(DISTINCT price_ticks) <> 1
      OR count(DISTINCT symbol) <> 1`,
  'open-count': `
    SELECT 'account ' || accounts.account_id AS subject, 'counts ' || open_count || ', has ' || coalesce(o.open, 0) AS detail
    FROM accounts LEFT JOIN (
      SELECT account_id, count(*) AS open FROM orders WHERE state NOT IN ${finalStates} GROUP BY account_id
    ) AS o USING (account_id)
    WHERE open_count <> coalesce(o.open, 0)`,
};

/** What the order service's tables show, alone and beside the ledger's. */
export async function checkOrders(stores: Stores): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [rule, text] of Object.entries(rules))
    found.push(...findingsOf(rule, await stores.read<Row>('order', text)));
  return [...found, ...(await compareHolds(stores)), ...(await compareTrades(stores))];
}

/** The trades that orders know are those that the ledger has settled. */
async function compareTrades(stores: Stores): Promise<Finding[]> {
  const fills = await stores.read<{ trade_id: string }>('order', 'SELECT DISTINCT trade_id FROM fills');
  const entries = await stores.read<{ reference: string }>(
    'ledger',
    `SELECT reference FROM entry WHERE kind = 'trade'`,
  );
  return compareSets('trade-is-settled', {
    expected: new Set(fills.map(({ trade_id }) => trade_id)),
    found: new Set(entries.map(({ reference }) => reference)),
    expectedBy: 'the order service',
    foundBy: 'the ledger',
  });
}

/** A finding for each member that one of two sets lacks. */
export function compareSets(
  rule: string,
  sets: { expected: ReadonlySet<string>; found: ReadonlySet<string>; expectedBy: string; foundBy: string },
): Finding[] {
  const { expected, found, expectedBy, foundBy } = sets;
  return [
    ...[...expected.difference(found)].map((subject) => ({ rule, subject, detail: `${foundBy} does not have it` })),
    ...[...found.difference(expected)].map((subject) => ({ rule, subject, detail: `${expectedBy} does not have it` })),
  ];
}
