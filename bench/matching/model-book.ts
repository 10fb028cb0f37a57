import { Side } from './command-stream.ts';
import { TradeHash } from './trade-hash.ts';

/** Prices of the model are below this. */
export const priceCount = 20_000;

const none = -1;

/**
 * A small book for the generator: it has the resting orders, which cancels and replaces name, and the trades of a correct book.
 * Price-time priority over one linked list a price; orders by their number. Limit orders only.
 */
export class ModelBook {
  readonly trades = new TradeHash();
  readonly open: Int32Array;
  readonly traded: Int32Array;
  readonly price: Int32Array;
  readonly side: Uint8Array;
  readonly revision: Int32Array;
  /** The resting orders, in any order: the first `liveCount` entries. */
  readonly live: Int32Array;
  liveCount = 0;
  bestBid = 0;
  bestAsk = priceCount;
  readonly #place: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #head = new Int32Array(priceCount).fill(none);
  readonly #tail = new Int32Array(priceCount).fill(none);

  /** @param capacity greatest number of orders */
  constructor(capacity: number) {
    const words = () => new Int32Array(capacity);
    [this.open, this.traded, this.price, this.revision] = [words(), words(), words(), words()];
    this.side = new Uint8Array(capacity);
    [this.live, this.#place, this.#next, this.#previous] = [words(), words(), words(), words()];
  }

  /** Submits an order; its remainder rests if `rests`. */
  submit(order: number, side: number, price: number, lots: number, rests: boolean): void {
    this.side[order] = side;
    this.revision[order] = 1;
    this.#arrive(order, price, lots, rests);
  }

  /** Cancels a resting order. */
  cancel(order: number): void {
    this.#unlink(order);
    this.open[order] = 0;
  }

  /** Replaces a resting order, which then is last in time priority at its price; it may trade. */
  replace(order: number, price: number, open: number): void {
    this.#unlink(order);
    this.revision[order] = this.revision[order]! + 1;
    this.#arrive(order, price, open, true);
  }

  #arrive(order: number, price: number, lots: number, rests: boolean): void {
    const { open } = this;
    open[order] = lots;
    this.price[order] = price;
    if (this.side[order] === Side.BUY) {
      while (open[order]! > 0 && this.bestAsk <= price) this.#trade(this.#head[this.bestAsk]!, order);
    } else {
      while (open[order]! > 0 && this.bestBid >= price && this.bestBid > 0)
        this.#trade(this.#head[this.bestBid]!, order);
    }
    if (open[order]! > 0 && rests) this.#link(order);
    else open[order] = 0;
  }

  #trade(maker: number, taker: number): void {
    const { open, traded } = this;
    const lots = Math.min(open[maker]!, open[taker]!);
    this.trades.add(maker, taker, this.price[maker]!, lots);
    for (const order of [maker, taker]) {
      open[order] = open[order]! - lots;
      traded[order] = traded[order]! + lots;
    }
    if (open[maker] === 0) this.#unlink(maker);
  }

  #link(order: number): void {
    const price = this.price[order]!;
    const last = this.#tail[price]!;
    this.#previous[order] = last;
    this.#next[order] = none;
    if (last === none) this.#head[price] = order;
    else this.#next[last] = order;
    this.#tail[price] = order;
    if (this.side[order] === Side.BUY) this.bestBid = Math.max(this.bestBid, price);
    else this.bestAsk = Math.min(this.bestAsk, price);
    this.#place[order] = this.liveCount;
    this.live[this.liveCount++] = order;
  }

  #unlink(order: number): void {
    const [price, next, previous] = [this.price[order]!, this.#next[order]!, this.#previous[order]!];
    if (previous === none) this.#head[price] = next;
    else this.#next[previous] = next;
    if (next === none) this.#tail[price] = previous;
    else this.#previous[next] = previous;
    while (this.bestBid > 0 && this.#head[this.bestBid] === none) this.bestBid--;
    while (this.bestAsk < priceCount && this.#head[this.bestAsk] === none) this.bestAsk++;
    const last = this.live[--this.liveCount]!;
    this.live[this.#place[order]!] = last;
    this.#place[last] = this.#place[order]!;
  }
}
