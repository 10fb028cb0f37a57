import type { Random } from '../load/random.ts';
import { type CommandStream, Kind, OrderType, Side, TimeInForce } from './command-stream.ts';

/** Share of the richer types among the orders that rest. */
export const richerShare = 0.05;

// No workload trades outside of 6,000 to 12,000 ticks, so these prices are never reached.
const farBelow = { from: 1_000, count: 1_000 };
const farAbove = { from: 18_000, count: 1_000 };
const trailTicks = 6_500;
const lotsMax = 100;
const icebergLots = { total: 1_000, shown: 10 };
/** Probability, for each command about plain orders, that one of the resting ones is cancelled, for which another one comes. */
const turnover = 0.01;

const types = [
  OrderType.STOP,
  OrderType.STOP_LIMIT,
  OrderType.TRAILING_STOP,
  OrderType.ICEBERG,
  OrderType.OCO,
] as const;

/**
 * Holds the share of richer orders in the book at its level. The engine checks the nearest trigger after every trade and moves the
 * trailing stops, but the orders are so far from the price that none is triggered and none trades: a book without these types makes
 * the same trades.
 */
export class RicherOrders {
  readonly #stream: CommandStream;
  readonly #random: Random;
  /** Indexes in the stream of the commands that submitted the resting ones. */
  readonly #resting: number[] = [];

  constructor(stream: CommandStream, random: Random) {
    this.#stream = stream;
    this.#random = random;
  }

  /** Called after each command about plain orders, of which `plainCount` rest: submits an order, cancels one, or does nothing. */
  adjustShare(plainCount: number): void {
    const wanted = (plainCount * richerShare) / (1 - richerShare);
    if (this.#resting.length < wanted) this.#submit();
    else if (this.#random.next() < turnover) this.#cancel();
  }

  #submit(): void {
    const stream = this.#stream;
    const type = types[this.#random.below(types.length)]!;
    const side = this.#random.below(2) === 0 ? Side.BUY : Side.SELL;
    const order = stream.orderCount;
    stream.orderCount += type === OrderType.OCO ? 2 : 1;
    const at = stream.append(Kind.NEW, type, order, side);
    stream.quantity[at] = type === OrderType.ICEBERG ? icebergLots.total : 1 + this.#random.below(lotsMax);
    stream.timeInForce[at] = TimeInForce.GTC;
    stream.price[at] = this.#price(type, side);
    stream.extra[at] = this.#extra(type, side);
    this.#resting.push(at);
  }

  #cancel(): void {
    const stream = this.#stream;
    const place = this.#random.below(this.#resting.length);
    const at = this.#resting[place]!;
    this.#resting[place] = this.#resting.at(-1)!;
    this.#resting.pop();
    stream.append(Kind.CANCEL, stream.type[at]!, stream.order[at]!, stream.side[at]!);
  }

  // A resting limit is where no trade happens; a stop's limit or worst price is a little beyond its trigger.
  #price(type: number, side: number): number {
    const rests = type === OrderType.ICEBERG || type === OrderType.OCO;
    if (rests) return this.#far(side === Side.BUY);
    return side === Side.BUY ? farAbove.from + farAbove.count : farBelow.from;
  }

  #extra(type: number, side: number): number {
    if (type === OrderType.ICEBERG) return icebergLots.shown;
    if (type === OrderType.TRAILING_STOP) return trailTicks;
    return this.#far(side === Side.SELL);
  }

  #far(below: boolean): number {
    const { from, count } = below ? farBelow : farAbove;
    return from + this.#random.below(count);
  }
}
