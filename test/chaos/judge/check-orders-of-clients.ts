/** The clients' records of orders against the order service's table. */

import type { Market } from '../traffic/open-market.ts';
import { type Answer, microsOf, type Operation, type SeenOrder } from '../traffic/operations.ts';
import type { Finding } from './finding.ts';
import type { Stores } from './stores.ts';

type OrderRow = {
  order_id: string;
  account_id: string;
  client_order_id: string;
  state: string;
  filled_micros: string;
};

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
    `SELECT order_id, account_id, client_order_id, state, filled_lots * lot_micros AS filled_micros FROM orders
     WHERE account_id = ANY ($1)`,
    [market.users.map(({ accountId }) => accountId)],
  );
  const byId = new Map(rows.map((row) => [row.order_id, row]));
  const byKey = Map.groupBy(rows, keyOf);
  const found: Finding[] = [];
  for (const operation of operations) {
    const { kind, key, user } = operation;
    if (kind === 'cancel') found.push(...checkCancelled(operation, byId));
    if (kind !== 'place') continue;
    const name = `${market.users[user]?.accountId} ${key}`;
    found.push(...checkPlaced(operation, { ofKey: byKey.get(name) ?? [], byId }));
    byKey.delete(name);
  }
  for (const [name, orders] of byKey)
    found.push({ rule: 'order-was-asked-for', subject: `key ${name}`, detail: `${orders.length} orders of no client` });
  return found;
}

function keyOf({ account_id, client_order_id }: OrderRow): string {
  return `${account_id} ${client_order_id}`;
}

type Stored = { ofKey: readonly OrderRow[]; byId: ReadonlyMap<string, OrderRow> };

function checkPlaced(operation: Operation, { ofKey, byId }: Stored): Finding[] {
  const { number, key, answers } = operation;
  const subject = `call ${number}, key ${key}`;
  const seen = seenOrders(operation);
  const ids = new Set(seen.map(({ orderId }) => orderId));
  const found: Finding[] = [];
  if (ofKey.length > 1) found.push({ rule: 'key-has-one-order', subject, detail: `${ofKey.length} orders` });
  if (ids.size > 1) found.push({ rule: 'key-has-one-order', subject, detail: `answered as ${[...ids].join(', ')}` });
  const refused = answers.filter(isRefused);
  if (refused.length > 0 && ids.size > 0)
    found.push({
      rule: 'answers-agree',
      subject,
      detail: `placed, and refused ${refused[0]?.code} ${refused[0]?.reason}`,
    });
  const traded = ofKey.find(({ state }) => state !== 'rejected');
  if (refused.length > 0 && ids.size === 0 && traded !== undefined)
    found.push({ rule: 'refused-order-never-trades', subject, detail: `order ${traded.order_id} is ${traded.state}` });
  for (const order of seen) found.push(...checkSeen(order, byId));
  return found;
}

/** A cancel that was answered has ended its order, whatever happened to the process that answered. */
function checkCancelled(operation: Operation, byId: ReadonlyMap<string, OrderRow>): Finding[] {
  const seen = seenOrders(operation);
  const open = seen.filter(({ orderId }) => byId.get(orderId)?.state === 'open');
  return [
    ...seen.flatMap((order) => checkSeen(order, byId)),
    ...open.map(({ orderId }) => ({
      rule: 'acknowledged-cancel-ends-order',
      subject: `order ${orderId}`,
      detail: 'is open',
    })),
  ];
}

function checkSeen({ orderId, status, filledQuantity }: SeenOrder, byId: ReadonlyMap<string, OrderRow>): Finding[] {
  const subject = `order ${orderId}`;
  const row = byId.get(orderId);
  if (row === undefined) return [{ rule: 'acknowledged-order-exists', subject, detail: `was ${status}` }];
  const final = finalStates[status];
  if (final !== undefined && row.state !== final)
    return [{ rule: 'final-order-stays', subject, detail: `was ${status}, is ${row.state}` }];
  const filled = microsOf(filledQuantity ?? '0');
  const isLess = BigInt(row.filled_micros) < filled;
  const isMore = final !== undefined && BigInt(row.filled_micros) > filled;
  if (!isLess && !isMore) return [];
  return [{ rule: 'acknowledged-fills', subject, detail: `was filled ${filled} millionths, is ${row.filled_micros}` }];
}

function seenOrders({ answers }: Operation): SeenOrder[] {
  return answers.flatMap((answer) => (answer.kind === 'done' && answer.order !== undefined ? [answer.order] : []));
}

function isRefused(answer: Answer): answer is Answer & { kind: 'refused' } {
  return answer.kind === 'refused';
}
