/** An order, and its text for the user. */
import { refusalText } from './call-error.ts';
import { grouped, words } from './format.ts';

/** An order as the API returns it. */
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

/** Whether the order is in a final state. */
export function isFinal({ status }: Order): boolean {
  return finalStatuses.includes(status);
}

/** The state of an order with the higher version; `received` when they are equal. */
export function laterOf(known: Order | undefined, received: Order): Order {
  return known !== undefined && BigInt(known.version ?? 0) > BigInt(received.version ?? 0) ? known : received;
}

/** The status in words: `open`, `cancelling`, `partially filled`, `rejected: cash insufficient`, ... */
export function statusText(order: Order): string {
  const reason = words(order.refusal?.reason, 'ERROR_REASON_');
  if (reason !== '') return `rejected: ${reason}`;
  return order.cancelRequested && !isFinal(order) ? 'cancelling' : words(order.status, 'ORDER_STATUS_');
}

/** The limit price as text, or `market`: the limit of a market order is not the user's. */
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
