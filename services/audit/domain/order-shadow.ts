/**
 * What the events of the exchange alone say about an order. It knows ticks and lots; what they are worth, and what fee they cost, follows from
 * the terms that the ledger and the order service have stored.
 */
import type { OrderEvent, Side, TradeEvent } from './exchange-event.ts';
import { followReplaced, followTrade, type ShadowLeg } from './list-shadow.ts';

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
  /** Absent: it belongs to no list. */
  leg?: ShadowLeg;
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

/** The orders that are open, by id, with the legs of each list among them. */
export class OpenOrders extends Map<string, OrderShadow> {
  readonly #lists = new Map<string, Set<string>>();

  constructor(orders: Iterable<readonly [string, OrderShadow]> = []) {
    super();
    for (const [orderId, order] of orders) this.set(orderId, order);
  }

  override set(orderId: string, order: OrderShadow): this {
    if (order.leg) {
      const ids = this.#lists.get(order.leg.listId) ?? new Set();
      this.#lists.set(order.leg.listId, ids.add(orderId));
    }
    return super.set(orderId, order);
  }

  override delete(orderId: string): boolean {
    const listId = this.get(orderId)?.leg?.listId;
    const ids = listId === undefined ? undefined : this.#lists.get(listId);
    ids?.delete(orderId);
    if (listId !== undefined && ids?.size === 0) this.#lists.delete(listId);
    return super.delete(orderId);
  }

  /** The open orders of the list that an order belongs to, by their place in it; none when it belongs to none. */
  legsOf({ leg }: Pick<OrderShadow, 'leg'>): OrderShadow[] {
    const ids = leg === undefined ? undefined : this.#lists.get(leg.listId);
    const legs = [...(ids ?? [])].flatMap((orderId) => this.get(orderId) ?? []);
    return legs.sort((one, other) => (one.leg?.role ?? 0) - (other.leg?.role ?? 0));
  }
}

/** What an event changed. `others` are orders of a list of which another one has traded. */
export type Applied = { trade?: ShadowTrade; ended: OrderShadow[]; others?: OrderShadow[] };

/** Applies an event, in the order of the feed. Orders are replaced, not changed; what the event ends leaves the open ones. */
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
  const { orderId, accountId, symbol, side, lots, priceTicks, valueMax, sequence, place } = event;
  const none = { filledLots: 0n, traded: { maker: 0n, taker: 0n }, fillCount: 0, endedAt: 0n };
  const withLeg = place === undefined ? {} : { leg: { ...place, comingLots: 0n, reducedLots: 0n } };
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
    ...withLeg,
  };
}

function trade(open: OpenOrders, event: TradeEvent): Applied {
  const ended: OrderShadow[] = [];
  const others: OrderShadow[] = [];
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
    if (after.leg) {
      const legs = open.legsOf(after).filter((leg) => leg.orderId !== orderId);
      for (const leg of followTrade({ leg: after.leg }, event.lots, legs)) {
        open.set(leg.orderId, leg);
        others.push(leg);
      }
    }
    return { orderId, before: order.traded, after: traded };
  };
  const maker = applySide('maker');
  const taker = applySide('taker');
  return { trade: { event, maker, taker }, ended, others };
}

function replace(open: OpenOrders, event: Extract<OrderEvent, { kind: 'replaced' }>): Applied {
  const order = open.get(event.orderId);
  if (order === undefined) throw new ImpossibleEventError(`order ${event.orderId} is replaced and not open`);
  const { priceTicks, lots, remainingLots, sequence } = event;
  const leg = order.leg && followReplaced(order.leg, lots - order.lots);
  // An exit that waits for its entry has no lots, and is open all the same.
  if (remainingLots > 0n || (leg && leg.role > 0)) {
    open.set(order.orderId, { ...order, priceTicks, lots, ...(leg && { leg }) });
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
