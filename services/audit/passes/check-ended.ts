import { expectedHold, expectedOrder, pendingChangeOf, termsOf } from '../domain/expected-order.ts';
import type { OrderShadow } from '../domain/order-shadow.ts';
import { compareRow, type StoredRow, textOf } from '../domain/row.ts';
import { checkValue } from './check-value.ts';
import type { PassContext } from './context.ts';

type Rows = ReadonlyMap<string, StoredRow>;

/** The rows of orders that ended, by key. */
export type EndedRows = {
  holds: Rows;
  orders: Rows;
  fills: Rows;
  /** Keys of the fills of the trades that are proved with them. */
  tradeKeys: ReadonlySet<string>;
};

/** Compares the hold, the row and the fills of an order that ended with what the feed made of it. */
export function checkEnded(
  context: PassContext,
  order: OrderShadow,
  { holds, orders, fills, tradeKeys }: EndedRows,
): void {
  const { findings } = context;
  const { orderId } = order;
  const [hold, row] = [holds.get(orderId), orders.get(orderId)];
  if (order.acceptedAt === 0n) {
    checkNeverOpen(context, order, hold, row);
    return;
  }
  if (hold === undefined) {
    findings.add({
      rule: 'order-has-its-hold',
      subject: `ledger hold ${orderId}`,
      expected: 'its hold, settled',
      found: 'none',
    });
    return;
  }
  const terms = termsOf(hold);
  checkValue(context, order, terms);
  compareRow(findings, {
    rule: 'hold-follows-the-feed',
    place: 'ledger hold',
    row: hold,
    expected: expectedHold(order, terms, { change: pendingChangeOf(hold) }),
  });
  if (row === undefined) return;
  compareRow(findings, {
    rule: 'order-follows-the-feed',
    place: 'order orders',
    row,
    expected: expectedOrder(order, terms),
  });
  const keys = [...fills.keys()].filter((key) => key.startsWith(orderId));
  if (keys.length === order.fillCount) return;
  const unknown = keys.filter((key) => !tradeKeys.has(key)).map((key) => `order fills ${key}`);
  const subject = [`order orders ${orderId}`, ...unknown].join(', ');
  const texts = { expected: `${order.fillCount} fills`, found: `${keys.length} fills` };
  findings.add({ rule: 'order-has-its-fills', subject, ...texts });
}

/** Rejected, or voided before it came: nothing was traded, and nothing is held. */
function checkNeverOpen(
  { findings }: PassContext,
  order: OrderShadow,
  hold: StoredRow | undefined,
  row: StoredRow | undefined,
): void {
  for (const [place, stored] of [
    ['ledger hold', hold],
    ['order orders', row],
  ] as const) {
    if (stored === undefined) continue;
    const last = place === 'ledger hold' ? 'amount' : 'fee_micros';
    const untouched = { filled_lots: 0n, maker_value_micros: 0n, taker_value_micros: 0n, [last]: 0n };
    compareRow(findings, { rule: 'rejected-order-moved-nothing', place, row: stored, expected: untouched });
    if (textOf(stored, 'state') !== 'open') continue;
    const expected = order.state;
    findings.add({ rule: 'rejected-order-is-closed', subject: `${place} ${order.orderId}`, expected, found: 'open' });
  }
}
