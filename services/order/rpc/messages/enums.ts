import { CancelReason } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { OrderCancelReason, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import type * as domain from '../../domain/order.ts';

/** Side, from domain to proto. */
export const toSide = { buy: Side.BUY, sell: Side.SELL } satisfies Record<domain.Side, Side>;

/** Order type, from domain to proto. */
export const toOrderType = { market: OrderType.MARKET, limit: OrderType.LIMIT } satisfies Record<
  domain.OrderType,
  OrderType
>;

/** Time in force, from domain to proto. */
export const toTimeInForce = { gtc: TimeInForce.GTC, ioc: TimeInForce.IOC, fok: TimeInForce.FOK } satisfies Record<
  domain.TimeInForce,
  TimeInForce
>;

/** Status, from domain to proto. */
export const toStatus = {
  pending: OrderStatus.PENDING,
  open: OrderStatus.OPEN,
  'partially-filled': OrderStatus.PARTIALLY_FILLED,
  filled: OrderStatus.FILLED,
  cancelled: OrderStatus.CANCELLED,
  rejected: OrderStatus.REJECTED,
} satisfies Record<domain.OrderStatus, OrderStatus>;

/** Side, from proto to domain; `unset` when unspecified. */
export function fromSide(side: Side): domain.Side | 'unset' {
  if (side === Side.BUY) return 'buy';
  return side === Side.SELL ? 'sell' : 'unset';
}

/** Order type, from proto to domain; `unset` when unspecified, `other` for one that this release does not offer. */
export function fromOrderType(type: OrderType): domain.OrderType | 'unset' | 'other' {
  if (type === OrderType.MARKET) return 'market';
  if (type === OrderType.LIMIT) return 'limit';
  return type === OrderType.UNSPECIFIED ? 'unset' : 'other';
}

/** Time in force, from proto to domain; `unset` when unspecified, `other` for one that this release does not offer. */
export function fromTimeInForce(timeInForce: TimeInForce): domain.TimeInForce | 'unset' | 'other' {
  switch (timeInForce) {
    case TimeInForce.GTC:
      return 'gtc';
    case TimeInForce.IOC:
      return 'ioc';
    case TimeInForce.FOK:
      return 'fok';
    case TimeInForce.UNSPECIFIED:
      return 'unset';
    default:
      return 'other';
  }
}

/** Why an order was cancelled, from domain to proto. */
export const toCancelReason = {
  requested: OrderCancelReason.REQUESTED,
  'no-liquidity': OrderCancelReason.NO_LIQUIDITY,
  'self-trade': OrderCancelReason.SELF_TRADE,
  compensated: OrderCancelReason.COMPENSATED,
  operator: OrderCancelReason.OPERATOR,
  expired: OrderCancelReason.EXPIRED,
  list: OrderCancelReason.LIST,
  'session-ended': OrderCancelReason.SESSION_ENDED,
  'corporate-action': OrderCancelReason.CORPORATE_ACTION,
} satisfies Record<domain.CancelReason, OrderCancelReason>;

const cancelReasons: Partial<Record<CancelReason, domain.CancelReason>> = {
  [CancelReason.REQUESTED]: 'requested',
  [CancelReason.IMMEDIATE]: 'no-liquidity',
  [CancelReason.SELF_TRADE]: 'self-trade',
  [CancelReason.VOIDED]: 'compensated',
  [CancelReason.OPERATOR]: 'operator',
  [CancelReason.EXPIRED]: 'expired',
  [CancelReason.LIST]: 'list',
  [CancelReason.DISCONNECTED]: 'session-ended',
  [CancelReason.CORPORATE_ACTION]: 'corporate-action',
};

/** Why the exchange cancelled an order, from proto to domain; undefined for a reason of a later release. */
export function fromCancelReason(reason: CancelReason): domain.CancelReason | undefined {
  return cancelReasons[reason];
}
