/**
 * Invariants of any rulebook, checked on the events alone, so that both engines cannot be wrong in the same way: no order trades beyond
 * its limit or with its own group, quantities are conserved, FOK trades whole or not at all, a minimum quantity is honoured, no order
 * trades for more than its value, IOC never rests, post-only never takes, and the exits of a list never trade more than the position together.
 */
import { ListType, OrderType, Side, TimeInForce } from '../../engine/model/codes.ts';
import type { AcceptedOrder, EngineEvent, ListMembership } from '../../engine/model/events.ts';

type TrackedList = { position: number; exitsTraded: number; wasSplit: boolean };

type TrackedOrder = {
  terms: AcceptedOrder;
  symbol: string;
  limit: number;
  openLots: number;
  tradedLots: number;
  tradedValue: bigint;
  list: TrackedList | undefined;
  isExit: boolean;
};

type Traded = EngineEvent & { kind: 'traded' };

/** Checks the events of one engine, from its first command on. */
export class InvariantChecker {
  readonly #live = new Map<string, TrackedOrder>();
  readonly #lists = new Map<string, TrackedList>();
  #new: TrackedOrder[] = [];

  /** Checks the events of one command. Returns the invariant that they break, or undefined. */
  check(events: readonly EngineEvent[]): string | undefined {
    this.#new = [];
    for (const event of events) {
      const broken = this.#checkOne(event);
      if (broken !== undefined) return `${broken}: ${JSON.stringify(event)}`;
    }
    for (const order of this.#new) {
      const broken = brokenAtArrival(order, this.#live.has(order.terms.orderId));
      if (broken !== undefined) return `${broken}: ${JSON.stringify(order.terms)}`;
    }
    return undefined;
  }

  #checkOne(event: EngineEvent): string | undefined {
    switch (event.kind) {
      case 'accepted':
        this.#accept(event.symbol, event.order, event.list);
        return undefined;
      case 'replaced': {
        const order = this.#live.get(event.orderId);
        if (!order) return 'a dead order was replaced';
        order.limit = event.priceTicks;
        order.openLots = event.remainingLots;
        return event.quantityLots < event.remainingLots ? 'more open lots than lots' : undefined;
      }
      case 'cancelled':
        return this.#cancel(event.orderId, event.remainingLots);
      case 'traded':
        return this.#trade(event);
      case 'split':
        for (const { list, symbol } of this.#live.values()) {
          if (list && symbol === event.symbol) list.wasSplit = true;
        }
        return undefined;
      case 'triggered':
      case 'refreshed':
        return this.#live.has(event.orderId) ? undefined : 'an event of a dead order';
      default:
        return undefined;
    }
  }

  #accept(symbol: string, terms: AcceptedOrder, membership: ListMembership | undefined): void {
    const hasEntry = membership !== undefined && membership.type !== ListType.OCO;
    const isExit = membership !== undefined && (!hasEntry || membership.place > 0);
    let list: TrackedList | undefined;
    if (membership) {
      const position = hasEntry ? 0 : terms.quantityLots;
      list = this.#lists.get(membership.listId) ?? { position, exitsTraded: 0, wasSplit: false };
      if (membership.place === 0) this.#lists.set(membership.listId, list);
      else if (membership.place === (membership.type === ListType.BRACKET ? 2 : 1))
        this.#lists.delete(membership.listId);
    }
    const openLots = hasEntry && isExit ? 0 : terms.quantityLots;
    const order = { terms, symbol, limit: terms.priceTicks, openLots, tradedLots: 0, tradedValue: 0n, list, isExit };
    this.#live.set(terms.orderId, order);
    this.#new.push(order);
  }

  #cancel(orderId: string, remainingLots: number): string | undefined {
    const order = this.#live.get(orderId);
    // A void of an unknown id is an event of a cancel without lots.
    if (!order) return remainingLots === 0 ? undefined : 'a dead order was cancelled';
    this.#live.delete(orderId);
    if (order.openLots !== remainingLots) return `a cancel of ${remainingLots} of ${order.openLots} lots`;
    const inPart = order.terms.timeInForce === TimeInForce.FOK && order.tradedLots > 0;
    return inPart ? 'a FOK that traded in part' : undefined;
  }

  #trade({ maker, taker, priceTicks, quantityLots, auction }: Traded): string | undefined {
    const [first, second] = [this.#live.get(maker.orderId), this.#live.get(taker.orderId)];
    if (!first || !second) return 'a dead order traded';
    if (first.terms.side === second.terms.side) return 'two orders of one side traded';
    if (first.terms.selfTradeGroup === second.terms.selfTradeGroup) return 'two orders of one group traded';
    if (second.terms.postOnly && !auction) return 'a post-only order took';
    for (const [order, { remainingLots }] of [
      [first, maker],
      [second, taker],
    ] as const) {
      const { side, orderId } = order.terms;
      if (side === Side.BUY ? priceTicks > order.limit : priceTicks < order.limit) return 'a trade past a limit';
      order.tradedValue += BigInt(quantityLots) * BigInt(priceTicks);
      const isSpent = order === second && remainingLots === 0 && order.terms.valueMax > 0;
      if (order.openLots - quantityLots !== remainingLots && !isSpent) return 'lots were lost';
      if (valueLeft(order) < 0n || remainingLots < 0) return 'a trade past its lots or its value';
      order.openLots = remainingLots;
      order.tradedLots += quantityLots;
      if (remainingLots === 0) this.#live.delete(orderId);
    }
    return tradeInList(first, quantityLots) ?? tradeInList(second, quantityLots);
  }
}

// What an order by value has left to spend; 0 for all others.
function valueLeft({ terms, tradedValue }: TrackedOrder): bigint {
  return terms.valueMax === 0 ? 0n : BigInt(terms.valueMax) - tradedValue;
}

function tradeInList({ list, isExit }: TrackedOrder, lots: number): string | undefined {
  if (!list) return undefined;
  if (!isExit) list.position += lots;
  else list.exitsTraded += lots;
  return list.exitsTraded > list.position && !list.wasSplit ? 'exits traded more than the position' : undefined;
}

// Invariants at the end of the command that submitted an order.
function brokenAtArrival({ terms, tradedLots }: TrackedOrder, isLive: boolean): string | undefined {
  const { type, timeInForce, minimumLots } = terms;
  const atOnce = timeInForce === TimeInForce.IOC || timeInForce === TimeInForce.FOK;
  if (atOnce && isLive && type === OrderType.LIMIT) return 'an order rests that may not';
  return tradedLots < minimumLots ? 'less than the minimum traded' : undefined;
}
