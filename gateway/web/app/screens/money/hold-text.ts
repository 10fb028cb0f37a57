/** Which order a hold is for, in words. */
import type { Hold } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { actText, timeInForceText } from '../floor/order-text.ts';

/** What stands beside a hold: the order as an act, or its id where this page has not read it. */
export function holdText(
  { orderId, listId }: Pick<Hold, 'orderId' | 'listId'>,
  order: Order | undefined,
  placesFor: (symbol: string) => { price: number },
): string {
  if (order === undefined) return `Order ${orderId}`;
  const places = placesFor(order.symbol);
  const act = `${actText(order, places)}, ${timeInForceText(order.timeInForce)}`;
  return listId === '' ? act : `${act}, for all exits of its list`;
}
