import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import type * as domain from '../../domain/order.ts';

/** The contract's words for ours. */
export const toSide = { buy: Side.BUY, sell: Side.SELL } satisfies Record<domain.Side, Side>;

/** The contract's words for ours. */
export const toOrderType = { market: OrderType.MARKET, limit: OrderType.LIMIT } satisfies Record<
  domain.OrderType,
  OrderType
>;

/** The contract's words for ours. */
export const toTimeInForce = { gtc: TimeInForce.GTC, ioc: TimeInForce.IOC, fok: TimeInForce.FOK } satisfies Record<
  domain.TimeInForce,
  TimeInForce
>;

/** The contract's words for ours. */
export const toStatus = {
  pending: OrderStatus.PENDING,
  open: OrderStatus.OPEN,
  'partially-filled': OrderStatus.PARTIALLY_FILLED,
  filled: OrderStatus.FILLED,
  cancelled: OrderStatus.CANCELLED,
  rejected: OrderStatus.REJECTED,
} satisfies Record<domain.OrderStatus, OrderStatus>;

/** Our word for the contract's; `unset` for no side. */
export function fromSide(side: Side): domain.Side | 'unset' {
  if (side === Side.BUY) return 'buy';
  return side === Side.SELL ? 'sell' : 'unset';
}

/** Our word for the contract's; `other` for what this release does not offer. */
export function fromOrderType(type: OrderType): domain.OrderType | 'unset' | 'other' {
  if (type === OrderType.MARKET) return 'market';
  if (type === OrderType.LIMIT) return 'limit';
  return type === OrderType.UNSPECIFIED ? 'unset' : 'other';
}

/** Our word for the contract's; `other` for what this release does not offer. */
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
