/** The clients' records of orders against the order service's table. */

import type { Market } from '../traffic/open-market.ts';
import { microsOf, type Operation, type SeenOrder, seenOrders } from '../traffic/operations.ts';
import { type AskedOrder, askedOrders } from './asked-orders.ts';
import { checkCancels } from './check-cancels.ts';
import type { Finding } from './finding.ts';
import type { OrderRow } from './order-row.ts';
import type { Stores } from './stores.ts';

const finalStates: Readonly<Record<string, string>> = {
  ORDER_STATUS_FILLED: 'filled',
  ORDER_STATUS_CANCELLED: 'cancelled',
  ORDER_STATUS_REJECTED: 'rejected',
};

/** Each acknowledged order is there once, as far as it was acknowledged; none is there that no client asked for. */
export async function checkOrdersOfClients(
  stores: Stores,
  market: Market,
  operations: readonly Operation[],
): Promise<Finding[]> {
  const rows = await stores.read<OrderRow>(
    'order',
    `SELECT order_id, account_id, client_order_id, symbol, side, state, filled_lots * lot_micros AS filled_micros, revision
     FROM orders WHERE account_id = ANY ($1)`,
    [market.users.map(({ accountId }) => accountId)],
  );
  const byId = new Map(rows.map((row) => [row.order_id, row]));
  const byKey = Map.groupBy(rows, keyOf);
  const found: Finding[] = [];
  for (const asked of askedOrders(operations)) {
    const name = `${market.users[asked.user]?.accountId} ${asked.key}`;
    found.push(...checkAsked(asked, byKey.get(name) ?? []));
    byKey.delete(name);
  }
  for (const order of operations.flatMap(seenOrders)) found.push(...checkSeen(order, byId));
  found.push(...checkCancels(operations, byId));
  for (const [name, orders] of byKey)
    found.push({ rule: 'order-was-asked-for', subject: `key ${name}`, detail: `${orders.length} orders of no client` });
  return found;
}

function keyOf({ account_id, client_order_id }: OrderRow): string {
  return `${account_id} ${client_order_id}`;
}

function checkAsked({ subject, answers }: AskedOrder, ofKey: readonly OrderRow[]): Finding[] {
  const ids = new Set(answers.flatMap((answer) => (answer.kind === 'done' ? [answer.order.orderId] : [])));
  const [refused] = answers.flatMap((answer) => (answer.kind === 'refused' ? [answer] : []));
  const found: Finding[] = [];
  if (ofKey.length > 1) found.push({ rule: 'key-has-one-order', subject, detail: `${ofKey.length} orders` });
  if (ids.size > 1) found.push({ rule: 'key-has-one-order', subject, detail: `answered as ${[...ids].join(', ')}` });
  if (refused && ids.size > 0)
    found.push({ rule: 'answers-agree', subject, detail: `placed, and refused ${refused.code} ${refused.reason}` });
  const traded = ofKey.find(({ state }) => state !== 'rejected');
  if (refused && ids.size === 0 && traded !== undefined)
    found.push({ rule: 'refused-order-never-trades', subject, detail: `order ${traded.order_id} is ${traded.state}` });
  return found;
}

function checkSeen({ orderId, status, filledQuantity, revision = 0 }: SeenOrder, byId: ReadonlyMap<string, OrderRow>) {
  const subject = `order ${orderId}`;
  const row = byId.get(orderId);
  if (row === undefined) return [{ rule: 'acknowledged-order-exists', subject, detail: `was ${status}` }];
  if (row.revision < revision)
    return [{ rule: 'acknowledged-change', subject, detail: `had revision ${revision}, has ${row.revision}` }];
  const final = finalStates[status];
  if (final !== undefined && row.state !== final)
    return [{ rule: 'final-order-stays', subject, detail: `was ${status}, is ${row.state}` }];
  const filled = microsOf(filledQuantity ?? '0');
  const isLess = BigInt(row.filled_micros) < filled;
  const isMore = final !== undefined && BigInt(row.filled_micros) > filled;
  if (!isLess && !isMore) return [];
  return [{ rule: 'acknowledged-fills', subject, detail: `was filled ${filled} millionths, is ${row.filled_micros}` }];
}
