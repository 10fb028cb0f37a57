/** Lists in a random history, by rules R27 to R29 of the rulebook. Written apart from the audit. */

import type { Random } from './seeded-random.ts';

/** The shape of a random list: two exits, or an entry with one exit or two. */
export function drawList(random: Random) {
  const roles = [
    [1, 2],
    [0, 1],
    [0, 1, 2],
  ][random.below(3)] as number[];
  const [exits, entries] = random.chance(50) ? (['buy', 'sell'] as const) : (['sell', 'buy'] as const);
  return { roles, exits, entries, lots: BigInt(1 + random.below(20)) };
}

/** A live order of a history. */
type ListedOrder = { order: { list?: { listId: string; role: number } }; left: bigint; lots: bigint };

/** What lists do to the small exchange. */
export type ListEffects<O> = {
  replaced(order: O): void;
  /** Trades what it can and rests with what is left. */
  enter(order: O): void;
  cancelled(order: O): void;
};

type HistoryList<O> = { entry: O | undefined; exits: O[]; hasTraded: boolean; coming: bigint };

/** The lists with a live order. */
export class HistoryLists<O extends ListedOrder> {
  readonly #lists = new Map<string, HistoryList<O>>();
  readonly #effects: ListEffects<O>;

  constructor(effects: ListEffects<O>) {
    this.#effects = effects;
  }

  add(listId: string, entry: O | undefined, exits: O[]): void {
    this.#lists.set(listId, { entry, exits, hasTraded: false, coming: 0n });
  }

  isLive(order: O): boolean {
    const list = this.#listOf(order);
    return list !== undefined && (list.entry === order || list.exits.includes(order));
  }

  /** An order has traded; what it has left is known already. */
  traded(order: O, lots: bigint): void {
    const list = this.#listOf(order);
    if (list === undefined) return;
    if (order === list.entry) {
      list.hasTraded = true;
      list.coming += lots;
      if (order.left === 0n) list.entry = undefined;
      return;
    }
    const other = list.exits.find((exit) => exit !== order);
    if (order.left === 0n) list.exits = list.exits.filter((exit) => exit !== order);
    if (other && other.left <= lots) this.#end(list, other);
    else if (other) {
      other.left -= lots;
      other.lots -= lots;
      this.#effects.replaced(other);
    }
    if (list.entry) this.#end(list, list.entry);
  }

  /** An order was cancelled; those that end with it follow. */
  ended(order: O): void {
    const list = this.#listOf(order);
    if (list === undefined) return;
    const isEntry = order === list.entry;
    if (isEntry) list.entry = undefined;
    list.exits = list.exits.filter((exit) => exit !== order);
    if (!isEntry || !list.hasTraded) for (const exit of [...list.exits]) this.#end(list, exit);
    if (list.entry) this.#end(list, list.entry);
  }

  /** Increases exits by what their entries have traded, until nothing is left to do. */
  activate(): void {
    for (let list = this.#waiting(); list; list = this.#waiting()) {
      const exits = [...list.exits];
      for (const exit of exits) {
        exit.left += list.coming;
        exit.lots += list.coming;
        this.#effects.replaced(exit);
      }
      list.coming = 0n;
      for (const exit of exits) if (list.exits.includes(exit)) this.#effects.enter(exit);
    }
  }

  #waiting(): HistoryList<O> | undefined {
    return [...this.#lists.values()].find(({ coming }) => coming > 0n);
  }

  #listOf({ order }: O): HistoryList<O> | undefined {
    return order.list && this.#lists.get(order.list.listId);
  }

  #end(list: HistoryList<O>, order: O): void {
    if (order === list.entry) list.entry = undefined;
    list.exits = list.exits.filter((exit) => exit !== order);
    this.#effects.cancelled(order);
  }
}
