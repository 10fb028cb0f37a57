/** Maps orders and lists of orders to commands. A malformed one is rejected with the name of the field. */
import type { NewOrder, OrderList } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { isUuidV7, uuidV7TimeMs } from '#platform/ids/uuid-v7.ts';
import { type ListType, type OrderType, SelfTrade, type Side, TimeInForce } from '../../engine/model/codes.ts';
import type { SubmitCommand, SubmitListCommand } from '../../engine/model/commands.ts';
import { firstViolation, isAccount, isGroup, isOrderId, isSession, isSymbol, type Violation } from './fields.ts';
import { listLength, listViolation } from './list-terms.ts';
import { invalid, termsViolation } from './order-terms.ts';
import type { Parsed } from './parse-item.ts';

/** Parses an order of Submit. */
export function parseNewOrder(order: NewOrder): Parsed<SubmitCommand> {
  const { orderId: key } = order;
  const command = readOrder(order);
  return 'field' in command ? { key, violation: command } : { key, command };
}

/** Parses a list of SubmitList. */
export function parseOrderList({ listId: key, type, orders: messages }: OrderList): Parsed<SubmitListCommand> {
  if (!isUuidV7(key)) return { key, violation: invalid('list_id', 'must be a UUID version 7 in lower case') };
  const length = listLength(type);
  if (length !== undefined && messages.length !== length)
    return { key, violation: invalid('orders', `must be ${length}`) };
  const orders: SubmitCommand[] = [];
  for (const [index, message] of messages.entries()) {
    const order = readOrder(message);
    if ('field' in order) return { key, violation: invalid(`orders[${index}].${order.field}`, order.description) };
    orders.push(order);
  }
  const list = { type: type as number as ListType, orders };
  const violation = listViolation(list);
  return violation ? { key, violation } : { key, command: { kind: 'submitList', listId: key, ...list } };
}

function readOrder(order: NewOrder): SubmitCommand | Violation {
  const { orderId, accountId, symbol, selfTradeGroup, sessionId } = order;
  const names = [isOrderId(orderId), isAccount(accountId), isSymbol(symbol), isGroup(selfTradeGroup)];
  const terms = {
    side: order.side as number as Side,
    type: order.type as number as OrderType,
    timeInForce: (order.timeInForce || TimeInForce.GTC) as TimeInForce,
    // A value beyond 2^53 is rounded, and still refused as too great.
    priceTicks: Number(order.priceTicks),
    quantityLots: Number(order.quantityLots),
    postOnly: order.postOnly,
    slide: order.slide,
    selfTrade: (order.selfTradePrevention || SelfTrade.CANCEL_NEWEST) as SelfTrade,
    stopPriceTicks: Number(order.stopPriceTicks),
    trailTicks: Number(order.trailTicks),
    trailBps: order.trailBps,
    displayLots: Number(order.displayLots),
    minimumLots: Number(order.minimumLots),
    expireTimeMs: Number(order.expireTimeMs),
    withinBand: order.withinBand,
    valueMax: Number(order.valueMax),
  };
  const violation = firstViolation(names) ?? termsViolation(terms) ?? firstViolation([isSession(sessionId, true)]);
  if (violation) return violation;
  const named = { orderId, idTimeMs: uuidV7TimeMs(orderId), accountId, symbol };
  return { kind: 'submit', ...named, ...terms, selfTradeGroup, sessionId };
}
