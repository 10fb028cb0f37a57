/** Open orders beside the ledger's holds. */
import { greatestOf } from '#platform/money/extremes.ts';
import type { Finding } from './finding.ts';
import type { Stores } from './stores.ts';

type OrderRow = {
  order_id: string;
  state: string;
  open_lots: string;
  list_id: string | null;
  is_exit: boolean;
};
type HoldRow = {
  order_id: string;
  side: string;
  amount: string;
  open_lots: string;
  coming: string;
  lot_micros: string;
};
type Pair = { order: OrderRow; hold: HoldRow };

const rule = 'open-order-has-its-hold';

/** Each open order has an open hold of its lots, and each open hold an open order; exits of a list share one. */
export async function compareHolds(stores: Stores): Promise<Finding[]> {
  const orders = await stores.read<OrderRow>(
    'order',
    `SELECT order_id, state, quantity_lots - filled_lots AS open_lots, list_id,
       list_id IS NOT NULL AND (list_type = 'oco' OR list_index > 0) AS is_exit
     FROM orders WHERE state NOT IN ('filled', 'cancelled', 'rejected')`,
  );
  const holds = await stores.read<HoldRow>(
    'ledger',
    `SELECT order_id, side, amount, lots - filled_lots AS open_lots, coalesce(coming_lots, 0) AS coming, lot_micros
     FROM hold WHERE state = 'open'`,
  );
  const holdOf = new Map(holds.map((hold) => [hold.order_id, hold]));
  const found: Finding[] = [];
  const pairs: Pair[] = [];
  for (const order of orders) {
    const { order_id, state } = order;
    const hold = holdOf.get(order_id);
    holdOf.delete(order_id);
    if (hold === undefined)
      found.push({ rule, subject: `order ${order_id}`, detail: `${state}, without an open hold` });
    else pairs.push({ order, hold });
  }
  for (const orderId of holdOf.keys())
    found.push({ rule, subject: `hold ${orderId}`, detail: 'its order is not open' });
  return [...found, ...pairs.flatMap(compareLots), ...compareShares(pairs)];
}

function compareLots({ order, hold }: Pair): Finding[] {
  const subject = `order ${order.order_id}`;
  if (hold.coming !== '0') return [{ rule, subject, detail: `${hold.coming} lots never came to its hold` }];
  if (hold.open_lots === order.open_lots) return [];
  return [{ rule, subject, detail: `${order.open_lots} lots open, its hold has ${hold.open_lots}` }];
}

/** A sale holds its shares; the exits of a list together those of the larger one. */
function compareShares(pairs: readonly Pair[]): Finding[] {
  const sales = pairs.filter(({ hold }) => hold.side === 'sell');
  const byBearer = Map.groupBy(sales, ({ order }) =>
    order.is_exit ? `list ${order.list_id}` : `order ${order.order_id}`,
  );
  return [...byBearer].flatMap(([subject, shared]) => {
    const held = shared.reduce((sum, { hold }) => sum + BigInt(hold.amount), 0n);
    const most = shared.map(({ order, hold }) => BigInt(order.open_lots) * BigInt(hold.lot_micros));
    const due = greatestOf(most);
    if (held === due) return [];
    return [{ rule, subject, detail: `${due} millionths of shares open, its hold has ${held}` }];
  });
}
