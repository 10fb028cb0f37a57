import { CancelReason, ListType, NONE, Reason } from '../../services/exchange/domain/codes.ts';
import { noBreaker } from '../../services/exchange/domain/commands.ts';
import { EventFlag, EventKind, eventWords } from '../../services/exchange/domain/event-buffer.ts';
import { MatchingEngine } from '../../services/exchange/domain/matching/matching-engine.ts';
import { OPEN, orderWords, PRICE, QUANTITY, REVISION } from '../../services/exchange/domain/matching/order-table.ts';
import { Ticket } from '../../services/exchange/domain/matching/ticket.ts';
import type { BookMaker, BookUnderTest, Totals } from './book-under-test.ts';
import { type CommandStream, Kind, OrderType } from './command-stream.ts';

const groupSizeMax = 100;
const startMs = 1_700_000_000_000;
const listing = {
  ...{ symbol: 'ACME', tickSize: '0.01', lotSize: '1', currency: 'USD', referencePriceTicks: 10_000, bandBps: 0 },
  ...noBreaker,
};

/**
 * The matching engine inside of the engine that the service runs, as that drives it: tickets that are filled in again, groups of at
 * most 100 commands, events in its buffer. Names are numbers here already; giving them is the work of the engine around it.
 */
export const matchingEngine: BookMaker = {
  name: 'matching engine',
  takesRicherTypes: true,
  create: (stream) => new EngineUnderTest(stream),
};

class EngineUnderTest implements BookUnderTest {
  readonly #stream: CommandStream;
  readonly #engine = new MatchingEngine();
  readonly #ticket = new Ticket();
  readonly #list = { type: ListType.OCO, idLow: 0, idHigh: 0, tickets: [new Ticket(), new Ticket()] as const };
  readonly #change = { expectedRevision: 0, price: 0, quantity: 0, stopPrice: 0 };
  #inGroup = 0;

  constructor(stream: CommandStream) {
    this.#stream = stream;
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
    const { orders, places, acceptances, tradeCount } = this.#engine.state;
    let hash = 0;
    for (let key = 0; key < this.#stream.orderCount; key++) {
      const slot = orders.find(key);
      if (slot === NONE) continue;
      const words = orders.words.subarray(slot, slot + orderWords);
      for (const word of [PRICE, OPEN, QUANTITY, REVISION]) hash = Math.imul(hash ^ words[word]!, 0x01000193);
    }
    return `${orders.count} ${places} ${acceptances} ${tradeCount} ${hash >>> 0}`;
  }

  #apply(at: number): Reason {
    const { kind, order, account, price, quantity, revision } = this.#stream;
    if (this.#inGroup++ === 0) this.#engine.beginGroup(startMs);
    // The place of the command in its group, as the engine around it counts.
    this.#engine.state.command = this.#inGroup;
    if (kind[at] === Kind.NEW) return this.#submit(at);
    if (kind[at] === Kind.CANCEL) {
      return this.#engine.cancel(order[at]!, account[at]!, CancelReason.REQUESTED, EventFlag.KEYED);
    }
    const change = this.#change;
    change.expectedRevision = revision[at]!;
    change.price = price[at]!;
    change.quantity = quantity[at]!;
    return this.#engine.replace(order[at]!, account[at]!, change);
  }

  #submit(at: number): Reason {
    const type = this.#stream.type[at]!;
    if (type === OrderType.OCO) return this.#submitList(at);
    const ticket = this.#ticket;
    this.#fill(ticket, at, 0);
    if (type !== OrderType.PLAIN) this.#enrich(ticket, type, this.#stream.extra[at]!);
    return this.#engine.submit(ticket);
  }

  #submitList(at: number): Reason {
    const [limit, stop] = this.#list.tickets;
    const { extra, order } = this.#stream;
    this.#fill(limit, at, 0);
    this.#fill(stop, at, 1);
    this.#enrich(stop, OrderType.STOP, extra[at]!);
    stop.price = extra[at]!;
    this.#list.idLow = order[at]!;
    return this.#engine.submitList(this.#list);
  }

  #fill(ticket: Ticket, at: number, leg: number): void {
    const { order, account, side, timeInForce, price, quantity } = this.#stream;
    ticket.setPlain();
    ticket.key = order[at]! + leg;
    ticket.account = account[at]!;
    ticket.group = account[at]!;
    ticket.side = side[at]!;
    ticket.timeInForce = timeInForce[at]!;
    ticket.price = price[at]!;
    ticket.quantity = quantity[at]!;
  }

  #enrich(ticket: Ticket, type: number, extra: number): void {
    ticket.type = type;
    if (type === OrderType.ICEBERG) ticket.display = extra;
    else if (type === OrderType.TRAILING_STOP) ticket.trailTicks = extra;
    else ticket.stopPrice = extra;
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
