/** What of an open order can be changed. */
import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { parseMicros } from '../../figures/decimal.ts';
import type { Amendment } from '../../trading/amend.ts';
import { plainDecimal } from './draft-terms.ts';

/** A field of an order, beside its quantity, that can be changed. */
export type AmendedField = 'limitPrice' | 'stopPrice' | 'trailAmount' | 'trailPercent';

/** The fields that the order is placed by: while it waits its trail or stop price, and its limit where it has one of its own. */
export function amendedFields(order: Order): AmendedField[] {
  const waits = order.triggerTime === undefined;
  if (waits && order.trailPercent !== '') return ['trailPercent'];
  if (waits && order.trailAmount !== '') return ['trailAmount'];
  if (!waits || order.stopPrice === '') return ['limitPrice'];
  // The limit of a stop is the worst price that goes with its stop price.
  return order.type === OrderType.STOP_LIMIT ? ['stopPrice', 'limitPrice'] : ['stopPrice'];
}

/** What of these texts is another decimal than the order has; what is no decimal as it was typed, for the server to refuse. */
export function changesOf(
  order: Pick<Order, 'quantity' | AmendedField>,
  typed: Partial<Record<'quantity' | AmendedField, string>>,
): Amendment {
  const changed = Object.entries(typed).filter(
    ([name, text]) => parseMicros(text) === undefined || parseMicros(text) !== parseMicros(order[name as AmendedField]),
  );
  return Object.fromEntries(changed.map(([name, text]) => [name, plainDecimal(text)]));
}
