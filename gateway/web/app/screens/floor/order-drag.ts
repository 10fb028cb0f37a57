/** Amends by a drag on the chart: which price of an order moves, and to which tick. */
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { microsText, parseMicros, roundedDown } from '../../figures/decimal.ts';

/** The field that a drag changes: of a stop that waits its stop price, else the limit; undefined: the order has no price of its own. */
export function draggedField(order: Order): 'stopPrice' | 'limitPrice' | undefined {
  if (order.type === OrderType.MARKET || order.trailAmount !== '' || order.trailPercent !== '') return undefined;
  if (order.stopPrice !== '' && order.triggerTime === undefined) return 'stopPrice';
  return order.limitPrice === '' ? undefined : 'limitPrice';
}

/** The price of a tick nearest to a place on the chart, decimal; at least one tick. */
export function tickPrice(price: number, tick: string, places: number): string {
  const step = parseMicros(tick) ?? 10_000n;
  const micros = roundedDown(BigInt(Math.round(price * 1e6)) + step / 2n, step);
  return microsText(micros < step ? step : micros, places);
}
