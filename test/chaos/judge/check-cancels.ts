/** A cancel that was answered has ended its orders, whatever happened to the process that answered. */
import { type Operation, type SeenOrder, seenOrders } from '../traffic/operations.ts';
import type { Finding } from './finding.ts';
import type { OrderRow } from './order-row.ts';

/** Of one order, of some, and of all that their user knew of before it was sent. */
export function checkCancels(operations: readonly Operation[], byId: ReadonlyMap<string, OrderRow>): Finding[] {
  const placed = Map.groupBy(
    operations.filter(({ orderKeys }) => orderKeys.length > 0),
    ({ user }) => user,
  );
  return operations.flatMap((operation) => {
    switch (operation.kind) {
      case 'cancel':
      case 'cancel-batch':
        return stillOpen(seenOrders(operation), byId);
      case 'cancel-all':
        return checkCancelOfAll(operation, placed.get(operation.user) ?? [], byId);
      default:
        return [];
    }
  });
}

function checkCancelOfAll(
  { number, body, sentMs, answers, key }: Operation,
  placed: readonly Operation[],
  byId: ReadonlyMap<string, OrderRow>,
): Finding[] {
  const counts = new Set(answers.flatMap((answer) => (answer.kind === 'done' ? [answer.requestedCount] : [])));
  const subject = `call ${number}`;
  const found: Finding[] = [];
  if (key !== '' && counts.size > 1)
    found.push({ rule: 'answers-agree', subject, detail: `requested ${[...counts].join(' and ')} cancels` });
  if (counts.size === 0) return found;
  const known = placed.filter(({ knownMs }) => knownMs > 0 && knownMs < sentMs).flatMap(seenOrders);
  const meant = known.filter(({ orderId }) => isMeant(body, byId.get(orderId)));
  return [...found, ...stillOpen(meant, byId)];
}

function isMeant({ symbol, side }: Operation['body'], row: OrderRow | undefined): boolean {
  if (row === undefined) return false;
  const isOfSide = side === undefined || side === `SIDE_${row.side.toUpperCase()}`;
  return isOfSide && (symbol === undefined || symbol === row.symbol);
}

function stillOpen(orders: readonly SeenOrder[], byId: ReadonlyMap<string, OrderRow>): Finding[] {
  const open = orders.filter(({ orderId }) => byId.get(orderId)?.state === 'open');
  return open.map(({ orderId }) => ({
    rule: 'acknowledged-cancel-ends-order',
    subject: `order ${orderId}`,
    detail: 'is open',
  }));
}
