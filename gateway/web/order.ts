/** An order, and how it is told in words. */
import { refusalText } from './call-error.ts';
import { grouped, words } from './format.ts';

/** An order as the API tells it. */
export type Order = {
  orderId: string;
  symbol: string;
  side: string;
  type: string;
  quantity?: string;
  limitPrice?: string;
  filledQuantity?: string;
  averageFillPrice?: string;
  fees?: string;
  status: string;
  cancelRequested?: boolean;
  refusal?: { reason?: string; metadata?: Record<string, string> };
  version?: string;
  createTime?: string;
};

const finalStatuses = ['ORDER_STATUS_FILLED', 'ORDER_STATUS_CANCELLED', 'ORDER_STATUS_REJECTED'];

/** Whether nothing happens to the order any more. */
export function isFinal({ status }: Order): boolean {
  return finalStatuses.includes(status);
}

/** Of two states of an order, the later one. */
export function laterOf(known: Order | undefined, told: Order): Order {
  return known !== undefined && BigInt(known.version ?? 0) > BigInt(told.version ?? 0) ? known : told;
}

/** How far the order is: `open`, `cancelling`, `partially filled`, `rejected: cash insufficient`, ... */
export function statusText(order: Order): string {
  const reason = words(order.refusal?.reason, 'ERROR_REASON_');
  if (reason !== '') return `rejected: ${reason}`;
  return order.cancelRequested && !isFinal(order) ? 'cancelling' : words(order.status, 'ORDER_STATUS_');
}

/** The limit of the order; a market order has none that the person chose. */
export function priceText({ type, limitPrice }: Order): string {
  return type === 'ORDER_TYPE_MARKET' ? 'market' : grouped(limitPrice);
}

/** The order in one sentence: `Buy 10 ACME at market: filled 10 at 187.14, fee 0.94.` */
export function orderText(order: Order): string {
  const side = order.side === 'SIDE_SELL' ? 'Sell' : 'Buy';
  const what = `${side} ${grouped(order.quantity)} ${order.symbol} at ${priceText(order)}`;
  if (order.refusal !== undefined) return `${what}: refused. ${refusalText(order.refusal)}`;
  const isFilled = order.averageFillPrice !== undefined && order.averageFillPrice !== '';
  const fills = `${grouped(order.filledQuantity)} at ${grouped(order.averageFillPrice)}, fee ${grouped(order.fees)}`;
  if (order.status === 'ORDER_STATUS_FILLED') return `${what}: filled ${fills}.`;
  return `${what}: ${statusText(order)}${isFilled ? `, filled ${fills}` : ''}.`;
}
