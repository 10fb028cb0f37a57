import { OrderBook, type ProcessedOrder } from 'nodejs-order-book';
import type { BookMaker, BookUnderTest, Totals } from './book-under-test.ts';
import { type CommandStream, Kind, OrderType, Side, TimeInForce } from './command-stream.ts';

// Its ids are text. Of digits alone they are array indexes to V8, which makes its maps slower; UUIDs are slower too.
const idPrefix = 'o';

/**
 * The book of the npm package nodejs-order-book, as fast as its API allows: journaling off, no accounts and so no check for
 * self-trades, ids made before timing. Its results are objects with all fills, so that no events have to be written.
 */
export const nodejsOrderBook: BookMaker = {
  name: 'nodejs-order-book',
  takesRicherTypes: false,
  create: (stream) => new NodejsOrderBookUnderTest(stream),
};

class NodejsOrderBookUnderTest implements BookUnderTest {
  readonly #stream: CommandStream;
  readonly #ids: readonly string[];
  readonly #book = new OrderBook({ enableJournaling: false });

  constructor(stream: CommandStream) {
    this.#stream = stream;
    this.#ids = Array.from({ length: stream.orderCount }, (_, order) => `${idPrefix}${order}`);
  }

  run(from: number, to: number): void {
    const { type } = this.#stream;
    for (let at = from; at < to; at++) if (type[at] === OrderType.PLAIN) this.#apply(at);
  }

  observe(from: number, to: number, totals: Totals): void {
    const { type, kind } = this.#stream;
    for (let at = from; at < to; at++) {
      if (type[at] !== OrderType.PLAIN) continue;
      const answer = this.#apply(at);
      if (answer === undefined || ('err' in answer && answer.err !== null)) {
        totals.rejected++;
        continue;
      }
      if (kind[at] === Kind.CANCEL) totals.cancelled++;
      else if (kind[at] === Kind.REPLACE) totals.replaced++;
      else totals.accepted++;
      if ('done' in answer) this.#addTrades(at, answer, totals);
    }
  }

  fingerprint(): string {
    return '';
  }

  #apply(at: number): ProcessedOrder | object | undefined {
    const { kind, order, side, price, quantity, timeInForce, open } = this.#stream;
    const id = this.#ids[order[at]!]!;
    if (kind[at] === Kind.CANCEL) return this.#book.cancel(id);
    if (kind[at] === Kind.REPLACE) return this.#book.modify(id, { price: price[at]!, size: open[at]! });
    return this.#book.limit({
      id,
      side: side[at] === Side.BUY ? 'buy' : 'sell',
      size: quantity[at]!,
      price: price[at]!,
      timeInForce: timeInForce[at] === TimeInForce.IOC ? 'IOC' : 'GTC',
    });
  }

  // A filled taker is the last entry of `done`, and `partial` then is a maker that is not filled.
  #addTrades(at: number, answer: ProcessedOrder, { trades }: Totals): void {
    const { done, partial, partialQuantityProcessed, quantityLeft } = answer;
    const taker = this.#stream.order[at]!;
    const makers = quantityLeft === 0 ? done.length - 1 : done.length;
    for (let place = 0; place < makers; place++) {
      const { id, price, size } = done[place]!;
      trades.add(numberOf(id), taker, price, size);
    }
    if (quantityLeft !== 0 || partial === null || partialQuantityProcessed === 0) return;
    trades.add(numberOf(partial.id), taker, partial.price, partialQuantityProcessed);
  }
}

function numberOf(id: string): number {
  return Number(id.slice(idPrefix.length));
}
