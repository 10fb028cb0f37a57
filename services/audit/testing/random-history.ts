/** A small exchange with random orders, whose events everything else follows from. Written apart from the audit: numbers, no shared code. */
import type { OrderEvent } from '../domain/exchange-event.ts';
import { type History, idOf, type PlacedOrder, symbol, timeMs } from './history.ts';
import { mostLots, payFor } from './history-amounts.ts';
import { drawList, HistoryLists } from './history-lists.ts';
import type { Random } from './seeded-random.ts';

/** `since`: events after which its owner could have asked for a change. */
type Resting = { order: PlacedOrder; left: bigint; lots: bigint; priceTicks: bigint; since: number; changes: number };

/** Makes up a history of at most `steps` commands; `byAmount`: a quarter of its buys are by amount. */
export function makeHistory(random: Random, steps: number, byAmount = false): History {
  const accounts = [1, 2, 3].map((number) => idOf('aaaa', number));
  const bps = () => BigInt(random.below(1_001));
  const plans = accounts.map(() => [bps(), bps()] as const);
  const history: History = {
    accounts,
    // Fractions of a share, and whole ones.
    tickLotMicros: BigInt(1 + random.below(50)) * (random.chance(50) ? 1n : 10_000n),
    lotMicros: BigInt(1 + random.below(1_000_000)),
    tradesInCents: 0,
    orders: new Map(),
    changes: [],
    events: [],
  };
  if (history.tickLotMicros >= 10_000n) history.tradesInCents = random.below(steps);
  const book: Resting[] = [];
  let trades = 0;
  const emit = (event: DistributiveOmit<OrderEvent, 'sequence'>) =>
    history.events.push({ ...event, sequence: BigInt(history.events.length + 1) });

  const draft = (owner: number, given: Partial<PlacedOrder> = {}): PlacedOrder => {
    const [makerBps, takerBps] = plans[owner] ?? [0n, 0n];
    const order: PlacedOrder = {
      orderId: idOf('bbbb', history.orders.size + 1),
      accountId: accounts[owner] ?? '',
      side: random.chance(50) ? 'buy' : 'sell',
      lots: BigInt(1 + random.below(20)),
      priceTicks: BigInt(90 + random.below(21)),
      makerBps,
      takerBps,
      house: owner === 2,
      from: history.events.length,
      ...given,
    };
    if (byAmount && order.list === undefined && order.side === 'buy' && random.chance(25)) {
      order.lots = 40n;
      order.byAmount = payFor(BigInt(50 + random.below(2_500)), order, history);
    }
    history.orders.set(order.orderId, order);
    return order;
  };

  const submit = () => {
    const order = draft(random.below(accounts.length));
    const { orderId, accountId } = order;
    if (random.chance(5)) return void emit({ kind: 'rejected', orderId, accountId, timeMs });
    if (random.chance(5)) return void emit({ kind: 'cancelled', orderId, accountId, timeMs });
    const { side, priceTicks, lots } = order;
    const valueMax = order.byAmount?.valueMax ?? 0n;
    emit({ kind: 'accepted', orderId, accountId, symbol, side, priceTicks, lots, valueMax, timeMs });
    enter({ order, left: lots, lots, priceTicks, since: 0, changes: 0 });
    activate();
  };

  /** Trades what it can; the rest rests, or is cancelled now and then. */
  const enter = (one: Resting) => {
    if (book.includes(one)) book.splice(book.indexOf(one), 1);
    match(one);
    if (one.left === 0n) return;
    if (one.order.byAmount || random.chance(20)) return end(one);
    one.since = history.events.length;
    book.push(one);
  };

  const cancelled = (one: Resting, commandId?: string) => {
    const { orderId, accountId } = one.order;
    if (book.includes(one)) book.splice(book.indexOf(one), 1);
    emit({ kind: 'cancelled', orderId, accountId, timeMs, ...(commandId !== undefined && { commandId }) });
  };

  const end = (one: Resting, commandId?: string) => {
    cancelled(one, commandId);
    lists.ended(one);
  };

  const replaced = (one: Resting, commandId?: string) => {
    const { order, priceTicks, lots, left: remainingLots } = one;
    const change = { orderId: order.orderId, accountId: order.accountId, priceTicks, lots, remainingLots };
    emit({ kind: 'replaced', ...change, timeMs, ...(commandId !== undefined && { commandId }) });
    // What its owner has asked for before would be refused.
    one.since = history.events.length;
  };

  const lists = new HistoryLists<Resting>({
    replaced: (one) => replaced(one),
    enter,
    cancelled: (one) => cancelled(one),
  });

  // Now and then later than at the end of the command, as in an auction, where exits may trade before.
  const activate = () => {
    if (!random.chance(10)) lists.activate();
  };

  /** An entry with one exit or two, or two exits. */
  const submitList = () => {
    const listId = idOf('eeee', history.orders.size + 1);
    const { roles, exits, entries, lots } = drawList(random);
    const owner = random.below(accounts.length);
    const from = history.events.length;
    const legs = roles.map((role): Resting => {
      const own = roles.includes(0) && role > 0 ? 0n : lots;
      const order = draft(owner, { side: role === 0 ? entries : exits, lots: own, from, list: { listId, role } });
      return { order, left: own, lots: own, priceTicks: order.priceTicks, since: 0, changes: 0 };
    });
    for (const { order } of legs) {
      const { orderId, accountId, side, priceTicks, list: place } = order;
      emit({ kind: 'accepted', orderId, accountId, symbol, side, priceTicks, lots: order.lots, place, timeMs });
    }
    const [first] = legs as [Resting, ...Resting[]];
    const entry = roles.includes(0) ? first : undefined;
    lists.add(listId, entry, entry ? legs.slice(1) : legs);
    for (const leg of entry ? [entry] : legs) if (lists.isLive(leg)) enter(leg);
    activate();
  };

  /** Trades with what rests at the best price first, the oldest first. */
  const match = (taker: Resting): void => {
    const { side, list, byAmount: amount } = taker.order;
    let valueLeft = amount?.valueMax;
    for (;;) {
      const sign = side === 'buy' ? 1n : -1n;
      const others = book.filter(
        (one) =>
          one.order.side !== side &&
          (taker.priceTicks - one.priceTicks) * sign >= 0n &&
          // The orders of a list are of one account, and never meet.
          (list === undefined || one.order.list?.listId !== list.listId),
      );
      const [best, second] = others.sort((one, other) => Number((one.priceTicks - other.priceTicks) * sign));
      if (best === undefined || taker.left === 0n) return;
      const lots = mostLots(best, taker.left, valueLeft);
      if (lots === 0n) return;
      best.left -= lots;
      taker.left -= lots;
      if (valueLeft !== undefined) {
        valueLeft -= lots * best.priceTicks;
        const next = best.left > 0n ? best : (second ?? best);
        if (valueLeft < next.priceTicks) taker.left = 0n;
      }
      trades += 1;
      emit({
        kind: 'traded',
        timeMs,
        tradeId: `0-${trades}`,
        symbol,
        priceTicks: best.priceTicks,
        lots,
        maker: sideOf(best),
        taker: sideOf(taker),
      });
      if (best.left === 0n) book.splice(book.indexOf(best), 1);
      for (const one of [best, taker]) lists.traded(one, lots);
    }
  };

  const cancelOne = () => {
    const ended = book[random.below(book.length)];
    if (ended !== undefined) end(ended, `cancel ${ended.order.orderId}`);
  };

  /** An amendment downward: fewer lots, or a price that costs no more; a self-trade prevention does the same. */
  const replaceOne = () => {
    const one = book[random.below(book.length)];
    if (one === undefined || one.left < 2n) return;
    const fewer = BigInt(1 + random.below(Number(one.left - 1n)));
    one.left -= fewer;
    one.lots -= fewer;
    replaced(one);
  };

  /** A change that its owner asked for some events ago, to any price that does not trade at once, and to more or fewer lots. */
  const changeOne = () => {
    const one = book[random.below(book.length)];
    if (one === undefined) return;
    const { orderId, side, list } = one.order;
    // The quantity of an exit follows the other orders of its list.
    const lots = list && list.role > 0 ? one.lots : one.lots - one.left + BigInt(1 + random.below(30));
    const priceTicks = side === 'buy' ? BigInt(60 + random.below(30)) : BigInt(111 + random.below(30));
    one.left += lots - one.lots;
    Object.assign(one, { lots, priceTicks, changes: one.changes + 1 });
    const from = one.since + random.below(history.events.length - one.since + 1);
    replaced(one, `replace:${orderId}:${one.changes}`);
    history.changes.push({ orderId, number: one.changes, lots, priceTicks, from, at: BigInt(one.since) });
  };

  for (let step = 0; step < steps; step += 1) {
    const kind = random.below(12);
    if (kind < 2) submitList();
    else if (kind < 8) submit();
    else if (kind < 10) cancelOne();
    else if (kind < 11) changeOne();
    else replaceOne();
  }
  return history;
}

function sideOf({ order: { orderId, accountId, side }, left: remainingLots }: Resting) {
  return { orderId, accountId, side, remainingLots };
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
