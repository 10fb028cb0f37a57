/** Orders in words, as lists and announcements have them. */
import { type Order, OrderCancelReason, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { figureText } from '../../figures/figure-text.ts';
import { reasonText } from './reason-text.ts';

/** `Buy` or `Sell`. */
export function sideText(side: Side): 'Buy' | 'Sell' {
  return side === Side.SELL ? 'Sell' : 'Buy';
}

const types: Partial<Record<OrderType, string>> = {
  [OrderType.MARKET]: 'Market',
  [OrderType.LIMIT]: 'Limit',
  [OrderType.STOP]: 'Stop',
  [OrderType.STOP_LIMIT]: 'Stop limit',
  [OrderType.TRAILING_STOP]: 'Trailing',
  [OrderType.ICEBERG]: 'Iceberg',
};

/** The type of an order, such as `Stop limit`. */
export function typeText(type: OrderType): string {
  return types[type] ?? 'Order';
}

const times: Partial<Record<TimeInForce, string>> = {
  [TimeInForce.GTC]: 'until cancelled',
  [TimeInForce.DAY]: 'today',
  [TimeInForce.GTD]: 'until a time',
  [TimeInForce.IOC]: 'at once or not',
  [TimeInForce.FOK]: 'all at once or not',
  [TimeInForce.AT_OPEN]: 'at the open',
  [TimeInForce.AT_CLOSE]: 'at the close',
};

/** How long an order lives, such as `until cancelled`. */
export function timeInForceText(time: TimeInForce): string {
  return times[time] ?? 'until cancelled';
}

const cancels: Partial<Record<OrderCancelReason, string>> = {
  [OrderCancelReason.REQUESTED]: 'cancelled by you',
  [OrderCancelReason.NO_LIQUIDITY]: 'the rest found no counterpart',
  [OrderCancelReason.SELF_TRADE]: 'it would have traded with your own order',
  [OrderCancelReason.COMPENSATED]: 'withdrawn, as the exchange did not answer in time',
  [OrderCancelReason.OPERATOR]: 'cancelled by the operator',
  [OrderCancelReason.EXPIRED]: 'its time is over',
  [OrderCancelReason.LIST]: 'the other order of its list traded or ended',
  [OrderCancelReason.SESSION_ENDED]: 'the session that held it ended',
  [OrderCancelReason.CORPORATE_ACTION]: 'a corporate action',
};

/** The state of an order with its reason, such as `Rejected: needs 10.00, you have 4.00 free`. */
export function statusText(order: Order): string {
  if (order.status === OrderStatus.REJECTED) return `Rejected: ${reasonText(order.refusal)}`;
  if (order.status === OrderStatus.CANCELLED) {
    const reason = cancels[order.cancelReason];
    return reason === undefined ? 'Cancelled' : `Cancelled: ${reason}`;
  }
  if (order.status === OrderStatus.FILLED) return 'Filled';
  if (order.cancelRequested) return 'Cancelling';
  if (order.waiting)
    return order.stopPrice || order.trailAmount || order.trailPercent ? 'Waits for its price' : 'Waits';
  if (order.status === OrderStatus.PARTIALLY_FILLED) return 'Partly filled';
  return order.status === OrderStatus.PENDING ? 'Sending' : 'Open';
}

/** What a fill changed, in a line: `Bought 240 of 400 ACME at 180.00`. */
export function progressText(order: Order, places: { price: number }): string {
  const verb = order.side === Side.SELL ? 'Sold' : 'Bought';
  const filled = figureText(order.filledQuantity, { trimmed: true });
  const all = figureText(order.quantity, { trimmed: true });
  const part = filled === all || order.quantity === '' ? filled : `${filled} of ${all}`;
  return `${verb} ${part} ${order.symbol} at ${figureText(order.averageFillPrice, { places: places.price })}`;
}

/** The act in words: `Buy 400 ACME at 180.00`, `Sell 5 ACME at market from 170.00`. */
export function actText(
  order: Pick<
    Order,
    'side' | 'quantity' | 'symbol' | 'type' | 'limitPrice' | 'stopPrice' | 'trailAmount' | 'trailPercent'
  >,
  places: { price: number },
): string {
  return `${sideText(order.side)} ${figureText(order.quantity, { trimmed: true })} ${order.symbol} ${priceWords(order, places.price)}`;
}

function priceWords(order: Parameters<typeof actText>[0], places: number): string {
  const price = (decimal: string) => figureText(decimal, { places });
  if (order.trailPercent !== '') return `trailing by ${order.trailPercent}\u2009%`;
  if (order.trailAmount !== '') return `trailing by ${price(order.trailAmount)}`;
  if (order.type === OrderType.STOP) return `at market from ${price(order.stopPrice)}`;
  if (order.type === OrderType.MARKET) return 'at market';
  return `at ${price(order.limitPrice)}${order.stopPrice === '' ? '' : ` from ${price(order.stopPrice)}`}`;
}
