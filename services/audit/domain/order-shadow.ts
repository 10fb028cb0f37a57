/**
 * What the events of the exchange alone say about an order. It knows ticks and lots; what they are worth, and what fee they cost, follows from
 * the terms that the ledger and the order service have stored.
 */
import type { OrderEvent, Side, TradeEvent } from './exchange-event.ts';

/** Lots times ticks of the trades so far, by role. */
export type TradedTicks = { maker: bigint; taker: bigint };

/**
 * `open` until an event ends it: `filled`, `cancelled` (also voided before it was accepted) or `rejected`.
 */
export type ShadowState = 'open' | 'filled' | 'cancelled' | 'rejected';

/** An order as the feed has it. */
export type OrderShadow = {
  orderId: string;
  accountId: string;
  shard: number;
  symbol: string;
  side: Side;
  state: ShadowState;
  /** Lots ordered, traded ones included. */
  lots: bigint;
  priceTicks: bigint;
  /** Lots times ticks that it may trade at most; 0 or absent: its lots alone bound it. */
  valueMax?: bigint;
  filledLots: bigint;
  traded: TradedTicks;
  fillCount: number;
  /** Position of the acceptance; 0: it never was. */
  acceptedAt: bigint;
  /** Position of the end; 0: it is open. */
  endedAt: bigint;
};

/** A trade with both orders' ticks before and after it. */
export type ShadowTrade = {
  event: TradeEvent;
  maker: { orderId: string; before: TradedTicks; after: TradedTicks };
  taker: { orderId: string; before: TradedTicks; after: TradedTicks };
};

/** An event that cannot follow from those before: the feed itself is damaged. */
export class ImpossibleEventError extends Error {
  override name = 'ImpossibleEventError';
}

/** The orders that are open, by id. What `applyEvent` ends leaves it. */
export type OpenOrders = Map<string, OrderShadow>;

/** What an event changed. */
export type Applied = { trade?: ShadowTrade; ended: OrderShadow[] };

/** Applies an event, in the order of the feed. Orders are replaced, not changed. */
export function applyEvent(open: OpenOrders, event: OrderEvent, shard: number): Applied {
  switch (event.kind) {
    case 'accepted':
      open.set(event.orderId, accepted(event, shard));
      return { ended: [] };
    case 'traded':
      return trade(open, event);
    case 'replaced':
      return replace(open, event);
    case 'rejected':
    case 'cancelled':
      return end(open, event, shard);
    default:
      return event satisfies never;
  }
}

function accepted(event: Extract<OrderEvent, { kind: 'accepted' }>, shard: number): OrderShadow {
  const { orderId, accountId, symbol, side, lots, priceTicks, valueMax, sequence } = event;
  const none = { filledLots: 0n, traded: { maker: 0n, taker: 0n }, fillCount: 0, endedAt: 0n };
  return {
    orderId,
    accountId,
    shard,
    symbol,
    side,
    state: 'open',
    lots,
    priceTicks,
    valueMax,
    ...none,
    acceptedAt: sequence,
  };
}

function trade(open: OpenOrders, event: TradeEvent): Applied {
  const ended: OrderShadow[] = [];
  const applySide = (role: 'maker' | 'taker') => {
    const { orderId, remainingLots } = event[role];
    const order = open.get(orderId);
    if (order === undefined)
      throw new ImpossibleEventError(`${event.tradeId} trades order ${orderId}, which is not open`);
    const filledLots = order.filledLots + event.lots;
    const traded = { ...order.traded, [role]: order.traded[role] + event.lots * event.priceTicks };
    const isWhole = remainingLots === 0n;
    const after: OrderShadow = {
      ...order,
      filledLots,
      traded,
      lots: filledLots + remainingLots,
      fillCount: order.fillCount + 1,
      state: isWhole ? 'filled' : 'open',
      endedAt: isWhole ? event.sequence : 0n,
    };
    if (isWhole) {
      open.delete(orderId);
      ended.push(after);
    } else open.set(orderId, after);
    return { orderId, before: order.traded, after: traded };
  };
  const maker = applySide('maker');
  const taker = applySide('taker');
  return { trade: { event, maker, taker }, ended };
}

function replace(open: OpenOrders, event: Extract<OrderEvent, { kind: 'replaced' }>): Applied {
  const order = open.get(event.orderId);
  if (order === undefined) throw new ImpossibleEventError(`order ${event.orderId} is replaced and not open`);
  const { priceTicks, lots, remainingLots, sequence } = event;
  if (remainingLots > 0n) {
    open.set(order.orderId, { ...order, priceTicks, lots });
    return { ended: [] };
  }
  open.delete(order.orderId);
  return { ended: [{ ...order, priceTicks, lots, state: 'cancelled', endedAt: sequence }] };
}

function end(open: OpenOrders, event: Extract<OrderEvent, { kind: 'rejected' | 'cancelled' }>, shard: number): Applied {
  const { orderId, accountId, kind: state, sequence: endedAt } = event;
  const order = open.get(orderId);
  open.delete(orderId);
  if (order !== undefined) return { ended: [{ ...order, state, endedAt }] };
  // Rejected, or voided before it came: nothing of it was ever in a book.
  const none = {
    symbol: '',
    side: 'buy' as const,
    lots: 0n,
    priceTicks: 0n,
    filledLots: 0n,
    fillCount: 0,
    acceptedAt: 0n,
  };
  return { ended: [{ orderId, accountId, shard, state, ...none, traded: { maker: 0n, taker: 0n }, endedAt }] };
}
