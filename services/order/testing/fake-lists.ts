import type { NewOrder } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { CancelReason } from '#gen/outcry/exchange/v1/feed_pb.ts';

/** A live order of the fake books. `valueLeft`: lots times ticks that an order by value may trade yet; undefined for all others. */
export type FakeOrder = { order: NewOrder; openLots: bigint; revision: number; valueLeft?: bigint | undefined };

/** What lists do to the books. */
export type FakeListEffects = {
  /** Says the order's lots, which are those of its `order` by then. */
  replaced(order: FakeOrder): void;
  /** Lets an exit with its first lots rest or wait. */
  enter(order: FakeOrder): void;
  remove(order: FakeOrder, reason: CancelReason): void;
};

type FakeList = { entry: FakeOrder | undefined; exits: FakeOrder[]; hasTraded: boolean };

/** Rules R27 to R29 of the rulebook in the simplest way: exits grow at once. */
export class FakeLists {
  readonly #lists = new Map<string, FakeList>();
  readonly #effects: FakeListEffects;

  constructor(effects: FakeListEffects) {
    this.#effects = effects;
  }

  /** Adds the orders of a list; those that wait for an entry lose their lots. */
  add(entry: FakeOrder | undefined, exits: FakeOrder[]): void {
    for (const exit of entry ? exits : [])
      Object.assign(exit, { openLots: 0n, order: { ...exit.order, quantityLots: 0n } });
    const list = { entry, exits, hasTraded: false };
    for (const { order } of [...(entry ? [entry] : []), ...exits]) this.#lists.set(order.orderId, list);
  }

  /** A live exit, also one that has no lots yet. */
  find(orderId: string): FakeOrder | undefined {
    return this.#lists.get(orderId)?.exits.find(({ order }) => order.orderId === orderId);
  }

  /** Whether the order is an exit, whose quantity no replace changes. */
  isExit(orderId: string): boolean {
    return this.find(orderId) !== undefined;
  }

  /** An order has traded. */
  traded(traded: FakeOrder, lots: bigint): void {
    const list = this.#lists.get(traded.order.orderId);
    if (list === undefined) return;
    if (traded === list.entry) {
      list.hasTraded = true;
      for (const exit of list.exits) this.#grow(exit, lots);
      if (traded.openLots === 0n) list.entry = undefined;
      return;
    }
    const other = list.exits.find((exit) => exit !== traded);
    if (traded.openLots === 0n) list.exits = list.exits.filter((exit) => exit !== traded);
    if (other && other.openLots <= lots) this.#end(list, other);
    else if (other) this.#grow(other, -lots);
    if (list.entry) this.#end(list, list.entry);
  }

  /** An order was cancelled. */
  ended({ order: { orderId } }: FakeOrder): void {
    const list = this.#lists.get(orderId);
    if (list === undefined) return;
    const isEntry = list.entry?.order.orderId === orderId;
    const isExit = list.exits.some(({ order }) => order.orderId === orderId);
    if (isEntry) list.entry = undefined;
    list.exits = list.exits.filter(({ order }) => order.orderId !== orderId);
    if (isExit || (isEntry && !list.hasTraded)) for (const exit of [...list.exits]) this.#end(list, exit);
    if (isExit && list.entry) this.#end(list, list.entry);
  }

  #grow(exit: FakeOrder, lots: bigint): void {
    const isFirst = exit.openLots === 0n;
    exit.order = { ...exit.order, quantityLots: exit.order.quantityLots + lots };
    exit.openLots += lots;
    exit.revision += 1;
    this.#effects.replaced(exit);
    if (isFirst) this.#effects.enter(exit);
  }

  #end(list: FakeList, order: FakeOrder): void {
    if (order === list.entry) list.entry = undefined;
    list.exits = list.exits.filter((exit) => exit !== order);
    this.#effects.remove(order, CancelReason.LIST);
  }
}
