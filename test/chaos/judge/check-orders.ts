/** Orders against their fills, their holds, and what the ledger has booked. */
import { type Finding, findingsOf } from './finding.ts';
import type { Stores } from './stores.ts';

type Row = { subject: string; detail: string };

const finalStates = `('filled', 'cancelled', 'rejected')`;
const rules: Readonly<Record<string, string>> = {
  'saga-is-final': `
    SELECT 'order ' || order_id AS subject,
      state || CASE WHEN cancel_requested THEN ', cancel requested' ELSE '' END AS detail
    FROM orders WHERE state IN ('intent', 'submitting', 'compensating') OR (state = 'open' AND cancel_requested)`,
  'fills-sum-to-filled': `
    SELECT 'order ' || orders.order_id AS subject, 'filled ' || filled_lots || ', its fills sum to ' || coalesce(lots, 0) AS detail
    FROM orders LEFT JOIN (SELECT order_id, sum(lots) AS lots FROM fills GROUP BY order_id) AS f USING (order_id)
    WHERE filled_lots <> coalesce(lots, 0) OR (state = 'filled') <> (filled_lots = quantity_lots AND state <> 'rejected')`,
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

type OrderRow = { order_id: string; state: string; side: string; open_lots: string; price_ticks: string };
type HoldRow = { order_id: string; side: string; amount: string; open_lots: string; lot_micros: string };

/** Each open order has an open hold of its lots, and each open hold an open order. */
async function compareHolds(stores: Stores): Promise<Finding[]> {
  const rule = 'open-order-has-its-hold';
  const orders = await stores.read<OrderRow>(
    'order',
    `SELECT order_id, state, side, quantity_lots - filled_lots AS open_lots, price_ticks FROM orders WHERE state NOT IN ${finalStates}`,
  );
  const holds = await stores.read<HoldRow>(
    'ledger',
    `SELECT order_id, side, amount, lots - filled_lots AS open_lots, lot_micros FROM hold WHERE state = 'open'`,
  );
  const holdOf = new Map(holds.map((hold) => [hold.order_id, hold]));
  const found: Finding[] = [];
  for (const { order_id, state, open_lots } of orders) {
    const hold = holdOf.get(order_id);
    holdOf.delete(order_id);
    const subject = `order ${order_id}`;
    if (hold === undefined) found.push({ rule, subject, detail: `${state}, without an open hold` });
    else if (hold.open_lots !== open_lots)
      found.push({ rule, subject, detail: `${open_lots} lots open, its hold has ${hold.open_lots}` });
    else if (hold.side === 'sell' && BigInt(hold.amount) !== BigInt(open_lots) * BigInt(hold.lot_micros))
      found.push({ rule, subject, detail: `${open_lots} lots open, its hold has ${hold.amount} millionths of shares` });
  }
  for (const orderId of holdOf.keys())
    found.push({ rule, subject: `hold ${orderId}`, detail: 'its order is not open' });
  return found;
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
