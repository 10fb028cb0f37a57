import {
  CancelReason,
  EventFlag,
  EventKind,
  eventWords,
  ListType,
  MatchingEngine,
  NewOrder,
  none,
  openOffset,
  orderWords,
  priceOffset,
  quantityOffset,
  Reason,
  revisionOffset,
} from '../../services/exchange/index.ts';
import type { BookMaker, BookUnderTest, Totals } from './book-under-test.ts';
import { type CommandStream, Kind, OrderType, Row, rowWords } from './command-stream.ts';
import { groupSizeMax, listing, startMs } from './listing.ts';

/**
 * The matching engine inside of the engine that the service runs, as that drives it: new orders that are reused, groups of at
 * most 100 commands, events in its buffer. Names are numbers here already; giving them is the work of the engine around it.
 */
export const matchingEngine: BookMaker = {
  name: 'matching engine',
  takesRicherTypes: true,
  create: (stream) => new EngineUnderTest(stream),
};

class EngineUnderTest implements BookUnderTest {
  readonly #stream: CommandStream;
  readonly #rows: Int32Array;
  readonly #engine = new MatchingEngine();
  readonly #newOrder = new NewOrder();
  readonly #list = { type: ListType.OCO, idLow: 0, idHigh: 0, newOrders: [new NewOrder(), new NewOrder()] as const };
  readonly #change = {
    expectedRevision: 0,
    price: 0,
    quantity: 0,
    stopPrice: 0,
    trailTicks: 0,
    trailBps: 0,
    expireTimeMs: 0,
  };
  #inGroup = 0;

  constructor(stream: CommandStream) {
    this.#stream = stream;
    this.#rows = stream.rows;
    this.#engine.open(listing);
  }

  run(from: number, to: number): void {
    for (let at = from; at < to; at++) {
      this.#apply(at);
      this.#endFullGroup();
    }
  }

  observe(from: number, to: number, totals: Totals): void {
    const { type, kind } = this.#stream;
    const { events } = this.#engine.state;
    for (let at = from; at < to; at++) {
      const first = events.count;
      const reason = this.#apply(at);
      if (reason !== Reason.NONE) totals.rejected++;
      else if (type[at] !== OrderType.PLAIN) totals.richerDone++;
      else if (kind[at] === Kind.CANCEL) totals.cancelled++;
      else if (kind[at] === Kind.REPLACE) totals.replaced++;
      else totals.accepted++;
      this.#addTrades(first, totals);
      this.#endFullGroup();
    }
  }

  fingerprint(): string {
    const { orders, priorities, acceptances, tradeCount } = this.#engine.state;
    let hash = 0;
    for (let key = 0; key < this.#stream.orderCount; key++) {
      const slot = orders.find(key);
      if (slot === none) continue;
      const words = orders.words.subarray(slot, slot + orderWords);
      for (const word of [priceOffset, openOffset, quantityOffset, revisionOffset])
        hash = Math.imul(hash ^ words[word]!, 0x01000193);
    }
    return `${orders.count} ${priorities} ${acceptances} ${tradeCount} ${hash >>> 0}`;
  }

  #apply(at: number): Reason {
    const rows = this.#rows;
    const row = at * rowWords;
    if (this.#inGroup++ === 0) this.#engine.beginGroup(startMs);
    // The place of the command in its group, as the engine around it counts.
    this.#engine.state.command = this.#inGroup;
    const kind = rows[row + Row.CODES]! & 15;
    if (kind === Kind.NEW) return this.#submit(row);
    const order = rows[row + Row.ORDER]!;
    const account = rows[row + Row.ACCOUNT]!;
    if (kind === Kind.CANCEL) return this.#engine.cancel(order, account, CancelReason.REQUESTED, EventFlag.KEYED);
    const change = this.#change;
    change.expectedRevision = rows[row + Row.REVISION]!;
    change.price = rows[row + Row.PRICE]!;
    change.quantity = rows[row + Row.QUANTITY]!;
    return this.#engine.replace(order, account, change);
  }

  #submit(row: number): Reason {
    const rows = this.#rows;
    const type = (rows[row + Row.CODES]! >>> 4) & 15;
    if (type === OrderType.OCO) return this.#submitList(row);
    const newOrder = this.#newOrder;
    if (newOrder.type !== OrderType.PLAIN) newOrder.setPlain();
    this.#fill(newOrder, row, 0);
    if (type !== OrderType.PLAIN) this.#enrich(newOrder, type, rows[row + Row.EXTRA]!);
    return this.#engine.submit(newOrder);
  }

  #submitList(row: number): Reason {
    const [limit, stop] = this.#list.newOrders;
    const rows = this.#rows;
    const extra = rows[row + Row.EXTRA]!;
    this.#fill(limit, row, 0);
    this.#fill(stop, row, 1);
    this.#enrich(stop, OrderType.STOP, extra);
    stop.price = extra;
    this.#list.idLow = rows[row + Row.ORDER]!;
    return this.#engine.submitList(this.#list);
  }

  #fill(newOrder: NewOrder, row: number, leg: number): void {
    const rows = this.#rows;
    const codes = rows[row + Row.CODES]!;
    const account = rows[row + Row.ACCOUNT]!;
    newOrder.key = rows[row + Row.ORDER]! + leg;
    newOrder.account = account;
    newOrder.group = account;
    newOrder.side = (codes >>> 8) & 15;
    newOrder.timeInForce = (codes >>> 12) & 15;
    newOrder.price = rows[row + Row.PRICE]!;
    newOrder.quantity = rows[row + Row.QUANTITY]!;
  }

  #enrich(newOrder: NewOrder, type: number, extra: number): void {
    newOrder.type = type;
    if (type === OrderType.ICEBERG) newOrder.display = extra;
    else if (type === OrderType.TRAILING_STOP) newOrder.trailTicks = extra;
    else newOrder.stopPrice = extra;
  }

  #endFullGroup(): void {
    if (this.#inGroup < groupSizeMax) return;
    this.#inGroup = 0;
    // The state hash does this after it has looked at what was touched.
    this.#engine.state.orders.clearTouched();
    this.#engine.endGroup();
  }

  #addTrades(first: number, { trades }: Totals): void {
    const { count, words } = this.#engine.state.events;
    for (let event = first; event < count; event++) {
      const [kind, , , maker, taker, price, lots] = words.subarray(event * eventWords, (event + 1) * eventWords);
      if (kind === EventKind.TRADED) trades.add(maker!, taker!, price!, lots!);
    }
  }
}
