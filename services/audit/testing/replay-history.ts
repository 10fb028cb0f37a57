/** What the events of a history make of its orders. Written apart from the audit. */
import { type History, type PlacedOrder, symbol } from './random-history.ts';

/** An order after some events. */
export type Live = {
  placed: PlacedOrder;
  lots: bigint;
  price: bigint;
  filled: bigint;
  maker: bigint;
  taker: bigint;
  state: string;
  acceptedAt: string;
  endedAt: string;
};

/** The fee of an order so far. */
export function ceilFee(order: Live): bigint {
  const weighted = order.maker * order.placed.makerBps + order.taker * order.placed.takerBps;
  const fee = weighted / 10_000n + (weighted % 10_000n > 0n ? 1n : 0n);
  const proceeds = order.maker + order.taker;
  return order.placed.side === 'sell' && fee > proceeds ? proceeds : fee;
}

/** The orders after the first `position` events, and what each trade came to. */
export function replay({ orders, events, tickLotCents }: History, position: number) {
  const live = new Map<string, Live>();
  const settled: Settled[] = [];
  for (const placed of orders.values()) {
    if (placed.from > position) continue;
    const none = { filled: 0n, maker: 0n, taker: 0n, state: 'submitting', acceptedAt: '', endedAt: '' };
    live.set(placed.orderId, { placed, lots: placed.lots, price: placed.priceTicks, ...none });
  }
  for (const event of events.slice(0, position)) {
    const sequence = String(event.sequence);
    if (event.kind === 'traded') {
      const value = event.lots * event.priceTicks * tickLotCents;
      const fees = (['maker', 'taker'] as const).map((role) => {
        const order = live.get(event[role].orderId);
        if (order === undefined) throw new Error('the history trades an unknown order');
        const before = ceilFee(order);
        order[role] += value;
        order.filled += event.lots;
        if (event[role].remainingLots === 0n) Object.assign(order, { state: 'filled', endedAt: sequence });
        return ceilFee(order) - before;
      });
      settled.push({ event, value, makerFee: fees[0] ?? 0n, takerFee: fees[1] ?? 0n });
      continue;
    }
    const order = live.get(event.orderId);
    if (order === undefined) continue;
    if (event.kind === 'accepted') Object.assign(order, { state: 'open', acceptedAt: sequence });
    else if (event.kind === 'replaced') Object.assign(order, { price: event.priceTicks, lots: event.lots });
    else {
      const state = event.kind === 'rejected' || order.acceptedAt === '' ? 'rejected' : 'cancelled';
      Object.assign(order, { state, endedAt: sequence });
    }
  }
  return { live, settled };
}

/** A trade and what it came to, in cents. */
export type Settled = {
  event: Extract<History['events'][number], { kind: 'traded' }>;
  value: bigint;
  makerFee: bigint;
  takerFee: bigint;
};

/** The terms that the hold and the order have alike. */
export function frozen({ tickLotCents, lotMicros }: History, { placed }: Live) {
  return {
    account_id: placed.accountId,
    symbol,
    side: placed.side,
    tick_lot_cents: tickLotCents,
    lot_micros: lotMicros,
    maker_bps: placed.makerBps,
    taker_bps: placed.takerBps,
  };
}
