/** A small exchange with random orders, whose events everything else follows from. Written apart from the audit: numbers, no shared code. */
import type { OrderEvent } from '../domain/exchange-event.ts';

/** Random numbers from a seed. */
export type Random = { below(bound: number): number; chance(percent: number): boolean };

/** An order as it was placed. */
export type PlacedOrder = {
  orderId: string;
  accountId: string;
  side: 'buy' | 'sell';
  lots: bigint;
  priceTicks: bigint;
  makerBps: bigint;
  takerBps: bigint;
  house: boolean;
  /** Of a buy by amount: what it may take, fee included, and the lots times ticks that this pays for. */
  byAmount?: { amountMicros: bigint; valueMax: bigint };
  /** Index of its first event; the hold is there from then on. */
  from: number;
};

/** What happened. */
export type History = {
  accounts: string[];
  tickLotMicros: bigint;
  lotMicros: bigint;
  /** Trades that a release booked which counted cash in cents; all others come after them. */
  tradesInCents: number;
  orders: Map<string, PlacedOrder>;
  /** Changes that owners asked for and the exchange has carried out. */
  changes: OwnersChange[];
  events: OrderEvent[];
};

/** A change of an order: held for after `from` events, and carried out by the event `at`. */
export type OwnersChange = {
  orderId: string;
  number: number;
  lots: bigint;
  priceTicks: bigint;
  from: number;
  at: bigint;
};

/** The one symbol that is traded. */
export const symbol = 'ACME';

/** When all of it happened. */
export const timeMs = 1_700_000_000_000n;

/** Mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return { below, chance: (percent) => below(100) < percent };
}

/** A UUID of version 7 with a number in it. */
export function idOf(kind: string, number: number): string {
  return `018f0000-${kind}-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

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

  const submit = () => {
    const owner = random.below(accounts.length);
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
    };
    if (byAmount && order.side === 'buy' && random.chance(25)) {
      order.lots = 40n;
      order.byAmount = payFor(BigInt(50 + random.below(2_500)) * history.tickLotMicros, order);
    }
    history.orders.set(order.orderId, order);
    const { orderId, accountId } = order;
    if (random.chance(5)) return void emit({ kind: 'rejected', orderId, accountId, timeMs });
    if (random.chance(5)) return void emit({ kind: 'cancelled', orderId, accountId, timeMs });
    const { side, priceTicks, lots } = order;
    const valueMax = order.byAmount?.valueMax ?? 0n;
    emit({ kind: 'accepted', orderId, accountId, symbol, side, priceTicks, lots, valueMax });
    const left = match(order);
    if (left === 0n) return;
    if (order.byAmount || random.chance(20)) emit({ kind: 'cancelled', orderId, accountId, timeMs });
    else book.push({ order, left, lots, priceTicks, since: history.events.length, changes: 0 });
  };

  /** The most ticks of a lot that an amount pays for, fee included. */
  const payFor = (amountMicros: bigint, { makerBps, takerBps }: PlacedOrder) => {
    const { tickLotMicros: worth } = history;
    const unit = worth < 10_000n ? worth : 10_000n;
    const bps = makerBps > takerBps ? makerBps : takerBps;
    let valueMax = amountMicros / worth;
    for (; valueMax > 0n; valueMax -= 1n) {
      const weighted = valueMax * worth * bps;
      const fee = ((weighted + unit * 10_000n - 1n) / (unit * 10_000n)) * unit;
      if (valueMax * worth + fee <= amountMicros) break;
    }
    return { amountMicros, valueMax };
  };

  /** Trades with what rests at the best price first, the oldest first; returns what is left. */
  const match = (order: PlacedOrder): bigint => {
    let left = order.lots;
    let valueLeft = order.byAmount?.valueMax;
    for (;;) {
      const sign = order.side === 'buy' ? 1n : -1n;
      const others = book.filter(
        (one) => one.order.side !== order.side && (order.priceTicks - one.priceTicks) * sign >= 0n,
      );
      const [best, second] = others.sort((one, other) => Number((one.priceTicks - other.priceTicks) * sign));
      if (best === undefined || left === 0n) return left;
      const most = valueLeft === undefined ? left : valueLeft / best.priceTicks;
      let lots = most;
      for (const bound of [best.left, left]) if (bound < lots) lots = bound;
      if (lots === 0n) return left;
      best.left -= lots;
      left -= lots;
      if (valueLeft !== undefined) {
        valueLeft -= lots * best.priceTicks;
        const next = best.left > 0n ? best : (second ?? best);
        if (valueLeft < next.priceTicks) left = 0n;
      }
      trades += 1;
      const sideOf = ({ orderId, accountId, side }: PlacedOrder, remainingLots: bigint) => {
        return { orderId, accountId, side, remainingLots };
      };
      emit({
        kind: 'traded',
        tradeId: `0-${trades}`,
        symbol,
        priceTicks: best.priceTicks,
        lots,
        timeMs,
        maker: sideOf(best.order, best.left),
        taker: sideOf(order, left),
      });
      if (best.left === 0n) book.splice(book.indexOf(best), 1);
    }
  };

  const cancelOne = () => {
    const [ended] = book.splice(random.below(book.length), 1);
    if (ended === undefined) return;
    const { orderId, accountId } = ended.order;
    emit({ kind: 'cancelled', orderId, accountId, timeMs, commandId: `cancel ${orderId}` });
  };

  /** An amendment downward: fewer lots, or a price that costs no more; a self-trade prevention does the same. */
  const replaceOne = () => {
    const one = book[random.below(book.length)];
    if (one === undefined || one.left < 2n) return;
    const fewer = BigInt(1 + random.below(Number(one.left - 1n)));
    one.left -= fewer;
    one.lots -= fewer;
    // What its owner has asked for before would be refused.
    one.since = history.events.length + 1;
    const { orderId, accountId } = one.order;
    const { priceTicks, lots, left: remainingLots } = one;
    emit({ kind: 'replaced', orderId, accountId, priceTicks, lots, remainingLots, timeMs });
  };

  /** A change that its owner asked for some events ago, to any price that does not trade at once, and to more or fewer lots. */
  const changeOne = () => {
    const one = book[random.below(book.length)];
    if (one === undefined) return;
    const { orderId, accountId, side } = one.order;
    const lots = one.lots - one.left + BigInt(1 + random.below(30));
    const priceTicks = side === 'buy' ? BigInt(60 + random.below(30)) : BigInt(111 + random.below(30));
    one.left += lots - one.lots;
    Object.assign(one, { lots, priceTicks, changes: one.changes + 1 });
    const from = one.since + random.below(history.events.length - one.since + 1);
    const commandId = `replace:${orderId}:${one.changes}`;
    emit({ kind: 'replaced', orderId, accountId, priceTicks, lots, remainingLots: one.left, timeMs, commandId });
    one.since = history.events.length;
    history.changes.push({ orderId, number: one.changes, lots, priceTicks, from, at: BigInt(one.since) });
  };

  for (let step = 0; step < steps; step += 1) {
    const kind = random.below(12);
    if (kind < 8) submit();
    else if (kind < 10) cancelOne();
    else if (kind < 11) changeOne();
    else replaceOne();
  }
  return history;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
