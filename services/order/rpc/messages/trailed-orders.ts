import type { OrderDeps } from '../../deps.ts';
import { type Order, priceText } from '../../domain/order.ts';
import { toOrder } from './order-message.ts';

/** Orders as reads answer them: those that trail have the price from which they do, as far as the exchange says it in time. */
export async function toTrailedOrders({ trails }: Pick<OrderDeps, 'trails'>, orders: readonly Order[]) {
  const references = await trails.read(orders);
  return orders.map((order) => {
    const ticks = references.get(order.orderId);
    return ticks === undefined ? toOrder(order) : { ...toOrder(order), trailReferencePrice: priceText(order, ticks) };
  });
}
