/** Rules for the orders of a list. */
import { ListType, OrderType, TimeInForce } from '../../engine/model/codes.ts';
import type { SubmitCommand, SubmitListCommand } from '../../engine/model/commands.ts';
import type { Violation } from './fields.ts';
import { invalid, mayRest } from './order-terms.ts';

const lengths: Record<number, number> = { [ListType.OCO]: 2, [ListType.OTO]: 2, [ListType.BRACKET]: 3 };

/** Number of orders in a list of a type; undefined for an unknown type. */
export function listLength(type: number): number | undefined {
  return lengths[type];
}

/**
 * The first violation of the rules for a list of well-formed orders. Fields of orders are named `orders[1].side`.
 */
export function listViolation({ type, orders }: Pick<SubmitListCommand, 'type' | 'orders'>): Violation | undefined {
  const length = listLength(type);
  if (length === undefined) return invalid('type', 'must be OCO, OTO or BRACKET');
  const [first, second] = orders;
  if (orders.length !== length || !first || !second) return invalid('orders', `must be ${length}`);
  const entry = type === ListType.OCO ? undefined : first;
  for (const [index, order] of orders.entries()) {
    const earlier = orders.slice(0, index);
    const found =
      sharedViolation(order, earlier) ??
      (order === entry ? entryViolation(order) : exitViolation(order, entry, entry ? second : first));
    if (found) return invalid(`orders[${index}].${found.field}`, found.description);
  }
  return undefined;
}

function sharedViolation(order: SubmitCommand, earlier: readonly SubmitCommand[]): Violation | undefined {
  for (const { orderId } of earlier) {
    if (orderId === order.orderId) return invalid('order_id', 'is that of another order of the list');
  }
  if (order.valueMax !== 0) return invalid('value_max', 'does not go with a list');
  const differing = shared.find(([field]) => earlier.some((other) => other[field] !== order[field]));
  return differing && invalid(differing[1], 'must be the same in all orders of a list');
}

const shared = [
  ['accountId', 'account_id'],
  ['symbol', 'symbol'],
  ['selfTradeGroup', 'self_trade_group'],
  ['selfTrade', 'self_trade_prevention'],
  ['sessionId', 'session_id'],
] as const;

function entryViolation({ type, timeInForce }: SubmitCommand): Violation | undefined {
  if (type !== OrderType.LIMIT && type !== OrderType.STOP && type !== OrderType.STOP_LIMIT) {
    return invalid('type', 'of an entry must be LIMIT, STOP or STOP_LIMIT');
  }
  const isOfAuction = timeInForce === TimeInForce.AT_OPEN || timeInForce === TimeInForce.AT_CLOSE;
  return isOfAuction ? invalid('time_in_force', 'of an entry must not be AT_OPEN or AT_CLOSE') : undefined;
}

function exitViolation(
  { type, timeInForce, postOnly, side, quantityLots, minimumLots }: SubmitCommand,
  entry: SubmitCommand | undefined,
  firstExit: SubmitCommand,
): Violation | undefined {
  if (type === OrderType.ICEBERG) return invalid('type', 'of an exit must not be ICEBERG');
  if (!mayRest(timeInForce)) return invalid('time_in_force', 'of an exit must be GTC, DAY or GTD');
  if (postOnly) return invalid('post_only', 'does not go with an exit');
  // It would apply anew each time the exit is activated, to an order that is already accepted.
  if (entry && minimumLots > 0) return invalid('minimum_lots', 'does not go with an exit that waits for an entry');
  if (side !== firstExit.side) return invalid('side', 'of all exits must be the same');
  if (side === entry?.side) return invalid('side', "of an exit must not be the entry's");
  if (quantityLots === (entry ?? firstExit).quantityLots) return undefined;
  return invalid('quantity_lots', 'must be the same in all orders');
}
