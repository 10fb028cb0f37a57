/** All that is known of an order, as names and texts. */
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { exactMoney, figureText } from '../../figures/figure-text.ts';
import { millisOf, timeText, type Zone } from '../../figures/time-text.ts';
import { sideText, statusText, timeInForceText, typeText } from '../floor/order-text.ts';

// What becomes a market order has no limit of its own, but a price beyond which it never trades.
function isWorst({ type }: Order): boolean {
  return type === OrderType.MARKET || type === OrderType.STOP || type === OrderType.TRAILING_STOP;
}

/** The facts that an order has, in the sequence in which they are read; what it does not have is left out. */
export function orderFacts(
  order: Order,
  shown: { places: { price: number; average: number }; zone: Zone; nowMs: number },
): [name: string, text: string][] {
  const { places, zone, nowMs } = shown;
  const price = (text: string) => (text === '' ? '' : figureText(text, { places: places.price }));
  const money = (text: string) => (text === '' ? '' : figureText(text, exactMoney));
  const count = (text: string) => (text === '' ? '' : figureText(text, { trimmed: true }));
  const at = (time: Order['createTime']) => (time === undefined ? '' : timeText(millisOf(time), zone, nowMs));
  const facts: [string, string][] = [
    ['State', statusText(order)],
    ['Side and type', `${sideText(order.side)}, ${typeText(order.type).toLowerCase()}`],
    ['Quantity', count(order.quantity)],
    ['Cash to spend', money(order.amount)],
    [isWorst(order) ? 'Worst price' : 'Limit', price(order.limitPrice)],
    ['Trigger', price(order.stopPrice)],
    ['Trail', order.trailPercent === '' ? price(order.trailAmount) : `${order.trailPercent} %`],
    ['Shown at a time', count(order.displayQuantity)],
    ['At once at least', count(order.minimumQuantity)],
    ['Rests only', order.postOnly ? (order.slide ? 'yes, at a price that rests' : 'yes') : ''],
    [
      'Time in force',
      `${timeInForceText(order.timeInForce)}${order.expireTime === undefined ? '' : `, ${at(order.expireTime)}`}`,
    ],
    ['Filled', count(order.filledQuantity)],
    [
      'Average price',
      order.averageFillPrice === '' ? '' : figureText(order.averageFillPrice, { places: places.average }),
    ],
    ['Fees', money(order.fees)],
    ['Placed', at(order.createTime)],
    ['Triggered', at(order.triggerTime)],
    ['Changed last', at(order.updateTime)],
    ['Terms changed', order.revision > 1 ? `${order.revision - 1} times` : ''],
    ['Order', order.orderId],
    ['Your key', order.clientOrderId],
  ];
  return facts.filter(([, text]) => text !== '');
}
