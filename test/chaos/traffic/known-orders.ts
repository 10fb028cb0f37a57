/** The orders that users know of and may change or cancel: as they were when an answer last showed them. */
import type { Random } from '../../../bench/load/index.ts';
import type { SeenOrder } from './operations.ts';

const knownOrdersMax = 500;
const recentMax = 6;
const openStatus = /_(OPEN|PARTIALLY_FILLED|PENDING)$/;

/** What each user knows. */
export class KnownOrders {
  readonly #ofUsers: Map<string, SeenOrder>[];

  constructor(users: number) {
    this.#ofUsers = Array.from({ length: users }, () => new Map());
  }

  /** Writes down an order that an answer has shown; the oldest is forgotten when there are too many. */
  learn(user: number, order: SeenOrder): void {
    const known = this.#of(user);
    const before = known.get(order.orderId);
    known.delete(order.orderId);
    if (!openStatus.test(order.status)) return;
    // The answer of PlaceOrder may come after that of a change.
    const isOlder = (before?.revision ?? 0) > (order.revision ?? 0);
    known.set(order.orderId, isOlder && before !== undefined ? before : order);
    const [oldest] = known.keys();
    if (known.size > knownOrdersMax && oldest !== undefined) known.delete(oldest);
  }

  /** One of a user's: most often one of the last few, which is likely to be open still. */
  pick(user: number, random: Random): SeenOrder | undefined {
    const known = [...this.#of(user).values()];
    const among = random.below(4) > 0 ? known.slice(-recentMax) : known;
    return among[random.below(Math.max(1, among.length))];
  }

  /** Forgets an order that has ended. */
  forget(user: number, orderId: string): void {
    this.#of(user).delete(orderId);
  }

  /** The same, which is forgotten. */
  take(user: number, random: Random): SeenOrder | undefined {
    const order = this.pick(user, random);
    if (order !== undefined) this.forget(user, order.orderId);
    return order;
  }

  #of(user: number): Map<string, SeenOrder> {
    const known = this.#ofUsers[user];
    if (known === undefined) throw new Error(`there is no user ${user}`);
    return known;
  }
}
