/** Which orders make a list. */
import { ListType, OrderType, TimeInForce } from '../../engine/codes.ts';
import type { SubmitCommand, SubmitListCommand } from '../../engine/commands.ts';
import type { Violation } from './fields.ts';
import { mayRest, wrong } from './order-terms.ts';

const lengths: Record<number, number> = { [ListType.OCO]: 2, [ListType.OTO]: 2, [ListType.BRACKET]: 3 };

/** Orders that a list of a type has; undefined for what is no type. */
export function listLength(type: number): number | undefined {
  return lengths[type];
}

/**
 * The first field that keeps orders, each of them well-formed, from being a list of a known type. Fields of orders are named
 * `orders[1].side`.
 */
export function listViolation({ type, orders }: Pick<SubmitListCommand, 'type' | 'orders'>): Violation | undefined {
  const length = listLength(type);
  if (length === undefined) return wrong('type', 'must be OCO, OTO or BRACKET');
  const [first, second] = orders;
  if (orders.length !== length || !first || !second) return wrong('orders', `must be ${length}`);
  const entry = type === ListType.OCO ? undefined : first;
  for (const [place, order] of orders.entries()) {
    const earlier = orders.slice(0, place);
    const found =
      sharedViolation(order, earlier) ??
      (order === entry ? entryViolation(order) : exitViolation(order, entry, entry ? second : first));
    if (found) return wrong(`orders[${place}].${found.field}`, found.description);
  }
  return undefined;
}

function sharedViolation(order: SubmitCommand, earlier: readonly SubmitCommand[]): Violation | undefined {
  for (const { orderId } of earlier) {
    if (orderId === order.orderId) return wrong('order_id', 'is that of another order of the list');
  }
  const differing = shared.find(([field]) => earlier.some((other) => other[field] !== order[field]));
  return differing && wrong(differing[1], 'must be the same in all orders of a list');
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
    return wrong('type', 'of an entry must be LIMIT, STOP or STOP_LIMIT');
  }
  const isOfAuction = timeInForce === TimeInForce.AT_OPEN || timeInForce === TimeInForce.AT_CLOSE;
  return isOfAuction ? wrong('time_in_force', 'of an entry must not be AT_OPEN or AT_CLOSE') : undefined;
}

function exitViolation(
  { type, timeInForce, postOnly, side, quantityLots, minimumLots }: SubmitCommand,
  entry: SubmitCommand | undefined,
  firstExit: SubmitCommand,
): Violation | undefined {
  if (type === OrderType.ICEBERG) return wrong('type', 'of an exit must not be ICEBERG');
  if (!mayRest(timeInForce)) return wrong('time_in_force', 'of an exit must be GTC, DAY or GTD');
  if (postOnly) return wrong('post_only', 'does not go with an exit');
  // It would be asked for again with every growth of the exit, of an order that was accepted before.
  if (entry && minimumLots > 0) return wrong('minimum_lots', 'does not go with an exit that waits for an entry');
  if (side !== firstExit.side) return wrong('side', 'of all exits must be the same');
  if (side === entry?.side) return wrong('side', "of an exit must not be the entry's");
  if (quantityLots === (entry ?? firstExit).quantityLots) return undefined;
  return wrong('quantity_lots', 'must be the same in all orders');
}
