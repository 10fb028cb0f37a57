import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
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
