/** What the events of a history make of its orders. Written apart from the audit. */
import { type History, type OwnersChange, type PlacedOrder, symbol } from './history.ts';

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
  /** The change that is on its way. */
  change: OwnersChange | undefined;
  /** Of an exit: lots that it is about to be increased, and reduced, by. */
  coming: bigint;
  reduced: bigint;
};

/** Ten-thousandths of an amount, rounded up to a cent, or to what a tick of a lot is worth where that is less. */
export function ceilToUnit(weighted: bigint, { tickLotMicros }: Pick<History, 'tickLotMicros'>): bigint {
  const unit = tickLotMicros > 10_000n ? 10_000n : tickLotMicros;
  const parts = unit * 10_000n;
  return (weighted / parts + (weighted % parts > 0n ? 1n : 0n)) * unit;
}

/** The fee of an order so far. */
export function ceilFee(history: History, order: Live): bigint {
  const weighted = order.maker * order.placed.makerBps + order.taker * order.placed.takerBps;
  const fee = ceilToUnit(weighted, history);
  const proceeds = order.maker + order.taker;
  return order.placed.side === 'sell' && fee > proceeds ? proceeds : fee;
}

/** The orders after the first `position` events, and what each trade came to. */
export function replay(history: History, position: number) {
  const { orders, changes, events, tickLotMicros } = history;
  const live = new Map<string, Live>();
  const pending = new Map(
    changes.filter(({ from, at }) => from <= position && at > position).map((change) => [change.orderId, change]),
  );
  const settled: Settled[] = [];
  for (const placed of orders.values()) {
    if (placed.from > position) continue;
    const none = {
      coming: 0n,
      reduced: 0n,
      filled: 0n,
      maker: 0n,
      taker: 0n,
      state: 'submitting',
      acceptedAt: '',
      endedAt: '',
    };
    const change = pending.get(placed.orderId);
    live.set(placed.orderId, { placed, lots: placed.lots, price: placed.priceTicks, change, ...none });
  }
  for (const event of events.slice(0, position)) {
    const sequence = String(event.sequence);
    if (event.kind === 'traded') {
      const value = event.lots * event.priceTicks * tickLotMicros;
      const fees = (['maker', 'taker'] as const).map((role) => {
        const order = live.get(event[role].orderId);
        if (order === undefined) throw new Error('the history trades an unknown order');
        const before = ceilFee(history, order);
        order[role] += value;
        order.filled += event.lots;
        if (event[role].remainingLots === 0n) {
          Object.assign(order, { state: 'filled', endedAt: sequence, lots: order.filled });
        }
        followList(live, order, event.lots);
        return ceilFee(history, order) - before;
      });
      settled.push({ event, value, makerFee: fees[0] ?? 0n, takerFee: fees[1] ?? 0n });
      continue;
    }
    const order = live.get(event.orderId);
    if (order === undefined) continue;
    if (event.kind === 'accepted') Object.assign(order, { state: 'open', acceptedAt: sequence });
    else if (event.kind === 'replaced') {
      const isExit = (order.placed.list?.role ?? 0) > 0;
      const more = isExit ? event.lots - order.lots : 0n;
      if (more > 0n) order.coming -= more;
      else order.reduced = order.reduced > -more ? order.reduced + more : 0n;
      Object.assign(order, { price: event.priceTicks, lots: event.lots });
    } else {
      const state = event.kind === 'rejected' || order.acceptedAt === '' ? 'rejected' : 'cancelled';
      Object.assign(order, { state, endedAt: sequence });
    }
  }
  return { live, settled };
}

/** The other orders of a list when one has traded. */
function followList(live: ReadonlyMap<string, Live>, traded: Live, lots: bigint): void {
  const { list, orderId } = traded.placed;
  if (list === undefined) return;
  for (const other of live.values()) {
    const { placed } = other;
    const isExit = placed.list?.listId === list.listId && placed.orderId !== orderId && placed.list.role > 0;
    if (!isExit || other.state !== 'open') continue;
    if (list.role === 0) other.coming += lots;
    else {
      const open = other.lots - other.filled - other.reduced;
      other.reduced += open < lots ? open : lots;
    }
  }
}

/** A trade and what it came to, in micros. */
export type Settled = {
  event: Extract<History['events'][number], { kind: 'traded' }>;
  value: bigint;
  makerFee: bigint;
  takerFee: bigint;
};

/** The terms that the hold and the order have alike. */
export function frozen({ tickLotMicros, lotMicros }: History, { placed }: Live) {
  return {
    account_id: placed.accountId,
    symbol,
    side: placed.side,
    tick_lot_micros: tickLotMicros,
    lot_micros: lotMicros,
    maker_bps: placed.makerBps,
    taker_bps: placed.takerBps,
    amount_max_micros: placed.byAmount?.amountMicros ?? '',
    list_id: placed.list?.listId ?? '',
  };
}
