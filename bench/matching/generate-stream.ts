import { createRandom, type Random } from '../load/random.ts';
import { CommandStream, Kind, OrderType, Side, TimeInForce } from './command-stream.ts';
import { ModelBook, priceCount } from './model-book.ts';
import { RicherOrders } from './richer-orders.ts';
import type { Moment, Workload } from './workloads.ts';

/** A workload's commands, and the trades that a correct book makes of them. */
export type GeneratedStream = {
  stream: CommandStream;
  /** Of all commands; see TradeHash. */
  tradesDigest: string;
};

const lotsMax = 100;
const throughTicksMax = 5;
/** Share of cancels whose order is final already, as when a fill was faster. */
const lateShare = 0.003;
/** How far the number of resting orders may deviate from the workload's, as a share. */
const slack = 0.1;

/** Makes the commands of a workload: first those that fill the book, then `timedCount` more. The same seed makes the same commands. */
export function generateStream(workload: Workload, timedCount: number, seed: number): GeneratedStream {
  const setupMax = workload.resting * 2;
  const stream = new CommandStream(setupMax + timedCount);
  const generator = new Generator(workload, stream, createRandom(seed));
  generator.fill();
  stream.setupCount = stream.count;
  const end = stream.count + timedCount;
  for (let index = 0; stream.count < end; index++) generator.step(workload.at(index), end);
  return { stream, tradesDigest: generator.book.trades.digest() };
}

class Generator {
  readonly book: ModelBook;
  readonly #workload: Workload;
  readonly #stream: CommandStream;
  readonly #random: Random;
  readonly #richer: RicherOrders;

  constructor(workload: Workload, stream: CommandStream, random: Random) {
    this.#workload = workload;
    this.#stream = stream;
    this.#random = random;
    // An OCO list is one command with two numbers.
    this.book = new ModelBook(stream.capacity * 2);
    this.#richer = new RicherOrders(stream, random);
  }

  fill(): void {
    const moment = this.#workload.at(0);
    while (this.book.liveCount < this.#workload.resting) {
      this.#passive(moment);
      this.#richer.adjustShare(this.book.liveCount);
    }
  }

  step(moment: Moment, end: number): void {
    this.#plain(moment);
    if (this.#stream.count < end) this.#richer.adjustShare(this.book.liveCount);
  }

  #plain(moment: Moment): void {
    const { liveCount } = this.book;
    const { resting } = this.#workload;
    if (liveCount < resting * (1 - slack)) this.#passive(moment);
    else if (liveCount > resting * (1 + slack)) this.#cancel();
    else this.#mixed(moment);
  }

  #mixed(moment: Moment): void {
    const { cancel, replace, cross, ioc } = moment.mix;
    const share = this.#random.next();
    const cancels = lateShare + cancel;
    const replaces = cancels + replace;
    const crosses = replaces + cross;
    if (share < lateShare) this.#cancelLate();
    else if (share < cancels) this.#cancel();
    else if (share < replaces) this.#replace(moment);
    else if (share < crosses) this.#aggressive(moment, TimeInForce.GTC);
    else if (share < crosses + ioc) this.#aggressive(moment, TimeInForce.IOC);
    else this.#passive(moment);
  }

  #passive(moment: Moment): void {
    const side = this.#random.below(2) === 0 ? Side.BUY : Side.SELL;
    this.#submit(side, this.#passivePrice(side, moment), this.#lots(), TimeInForce.GTC);
  }

  // At a price up to a few ticks beyond the best of the other side.
  #aggressive({ sells, mid, crossLotsMax }: Moment, timeInForce: number): void {
    const side = this.#random.next() < sells ? Side.SELL : Side.BUY;
    const through = this.#random.below(throughTicksMax);
    const { bestBid, bestAsk } = this.book;
    const bid = bestBid > 0 ? bestBid : mid;
    const ask = bestAsk < priceCount ? bestAsk : mid;
    const price = side === Side.BUY ? ask + through : bid - through;
    this.#submit(side, price, 1 + this.#random.below(crossLotsMax), timeInForce);
  }

  #submit(side: number, price: number, lots: number, timeInForce: number): void {
    const stream = this.#stream;
    const order = stream.orderCount++;
    const at = stream.append(Kind.NEW, OrderType.PLAIN, order, side);
    stream.price[at] = price;
    stream.quantity[at] = lots;
    stream.timeInForce[at] = timeInForce;
    this.book.submit(order, side, price, lots, timeInForce === TimeInForce.GTC);
  }

  #cancel(): void {
    const order = this.#anyLive();
    this.#stream.append(Kind.CANCEL, OrderType.PLAIN, order, this.book.side[order]!);
    this.book.cancel(order);
  }

  // Cancels a recent order that is final already; if a few tries find none, one that rests.
  #cancelLate(): void {
    const { book } = this;
    for (let tries = 0; tries < 20; tries++) {
      const order = this.#stream.orderCount - 1 - this.#random.below(Math.min(1_000, this.#stream.orderCount));
      if (book.side[order] === 0 || book.open[order] !== 0) continue;
      this.#stream.append(Kind.CANCEL, OrderType.PLAIN, order, book.side[order]!);
      return;
    }
    this.#cancel();
  }

  // Only changes that lose time priority: for others the two books have different rules.
  #replace(moment: Moment): void {
    const { book } = this;
    const order = this.#anyLive();
    const side = book.side[order]!;
    const price = this.#passivePrice(side, moment);
    const open = price === book.price[order] ? book.open[order]! + 1 + this.#random.below(10) : this.#lots();
    const at = this.#stream.append(Kind.REPLACE, OrderType.PLAIN, order, side);
    this.#stream.price[at] = price;
    this.#stream.open[at] = open;
    this.#stream.quantity[at] = book.traded[order]! + open;
    this.#stream.revision[at] = book.revision[order]!;
    book.replace(order, price, open);
  }

  #passivePrice(side: number, { mid }: Moment): number {
    const { depthTicks, crowding } = this.#workload;
    const away = 1 + Math.floor(depthTicks * this.#random.next() ** crowding);
    return side === Side.BUY ? mid - away : mid + away;
  }

  #anyLive(): number {
    return this.book.live[this.#random.below(this.book.liveCount)]!;
  }

  #lots(): number {
    return 1 + this.#random.below(lotsMax);
  }
}
