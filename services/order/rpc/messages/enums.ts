import { CancelReason } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { OrderCancelReason, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { ListType, OrderType, SelfTradePrevention, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import type * as domain from '../../domain/order.ts';
import type * as kinds from '../../domain/order-kind.ts';
import type * as list from '../../domain/order-list.ts';

/** Side, from domain to proto. */
export const toSide = { buy: Side.BUY, sell: Side.SELL } satisfies Record<domain.Side, Side>;

/** Order type, from domain to proto. */
export const toOrderType = {
  market: OrderType.MARKET,
  limit: OrderType.LIMIT,
  stop: OrderType.STOP,
  'stop-limit': OrderType.STOP_LIMIT,
  'trailing-stop': OrderType.TRAILING_STOP,
  iceberg: OrderType.ICEBERG,
} satisfies Record<kinds.OrderType, OrderType>;

/** Time in force, from domain to proto. */
export const toTimeInForce = {
  gtc: TimeInForce.GTC,
  day: TimeInForce.DAY,
  gtd: TimeInForce.GTD,
  ioc: TimeInForce.IOC,
  fok: TimeInForce.FOK,
  'at-open': TimeInForce.AT_OPEN,
  'at-close': TimeInForce.AT_CLOSE,
} satisfies Record<kinds.TimeInForce, TimeInForce>;

/** Self-trade prevention, from domain to proto. */
export const toSelfTrade = {
  'cancel-newest': SelfTradePrevention.CANCEL_NEWEST,
  'cancel-oldest': SelfTradePrevention.CANCEL_OLDEST,
  'cancel-both': SelfTradePrevention.CANCEL_BOTH,
  decrement: SelfTradePrevention.DECREMENT,
} satisfies Record<kinds.SelfTradePrevention, SelfTradePrevention>;

/** Type of a list, from domain to proto. */
export const toListType = { oco: ListType.OCO, oto: ListType.OTO, bracket: ListType.BRACKET } satisfies Record<
  list.ListType,
  ListType
>;

const listTypes: Partial<Record<ListType, list.ListType>> = {
  [ListType.OCO]: 'oco',
  [ListType.OTO]: 'oto',
  [ListType.BRACKET]: 'bracket',
};

/** Type of a list, from proto to domain; undefined when unspecified or not known to this release. */
export function fromListType(type: ListType): list.ListType | undefined {
  return listTypes[type];
}

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

const orderTypes = wordsOf(toOrderType);
const timesInForce = wordsOf(toTimeInForce);
const selfTrades = wordsOf(toSelfTrade);

/** Order type, from proto to domain; `unset` when unspecified, `other` for one that this release does not know. */
export function fromOrderType(type: OrderType): kinds.OrderType | 'unset' | 'other' {
  return type === OrderType.UNSPECIFIED ? 'unset' : (orderTypes.get(type) ?? 'other');
}

/** Time in force, from proto to domain; `unset` when unspecified, `other` for one that this release does not know. */
export function fromTimeInForce(timeInForce: TimeInForce): kinds.TimeInForce | 'unset' | 'other' {
  return timeInForce === TimeInForce.UNSPECIFIED ? 'unset' : (timesInForce.get(timeInForce) ?? 'other');
}

/** Self-trade prevention, from proto to domain; `unset` when unspecified, `other` for one that this release does not know. */
export function fromSelfTrade(mode: SelfTradePrevention): kinds.SelfTradePrevention | 'unset' | 'other' {
  return mode === SelfTradePrevention.UNSPECIFIED ? 'unset' : (selfTrades.get(mode) ?? 'other');
}

function wordsOf<W extends string>(numbers: Record<W, number>): ReadonlyMap<number, W> {
  return new Map((Object.keys(numbers) as W[]).map((word) => [numbers[word], word]));
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
