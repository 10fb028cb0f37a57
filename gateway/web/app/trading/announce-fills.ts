/** Says what was filled: one line an order, rewritten with each part. */
import { announce } from '../frame/announce.ts';
import { progressText } from '../screens/floor/order-text.ts';
import { placesFor } from '../store/instruments.ts';
import { onOwnChange } from '../store/own-orders.ts';

/** Begins to announce fills of own orders. */
export function announceFills(): void {
  onOwnChange(({ order }) => {
    if (order === undefined || order.filledQuantity === '' || Number(order.filledQuantity) === 0) return;
    announce(`${progressText(order, placesFor(order.symbol))}.`, order.orderId);
  });
}
