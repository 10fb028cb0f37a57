import { create } from '@bufbuild/protobuf';
import {
  type BookPrices,
  BookPricesSchema,
  type FollowPricesResponse,
  FollowPricesResponseSchema,
} from '#gen/outcry/market/v1/internal_pb.ts';
import type { SourceOpener } from '#platform/stream/serve-stream.ts';
import type { Catalogue } from '../../view/catalogue.ts';
import type { MarketView } from '../../view/market-view.ts';
import type { SymbolView } from '../../view/symbol-view.ts';
import { termsMessageOf } from '../messages/terms-message.ts';

/** Books of one message. */
const booksMax = 500;

/**
 * The terms and prices of every book, then what differs from what the reader has: at most one entry for each book waits, however slow the
 * reader is. A change that leaves the best prices alone is not sent.
 */
export function priceSource(view: MarketView, catalogue: Catalogue): SourceOpener<FollowPricesResponse> {
  return (wake) => {
    const sent = new Map<string, BookPrices>();
    let changed = new Set(view.symbols());
    let isComplete = false;
    const subscription = view.listeners.addToAll({
      quoteChanged(symbol) {
        changed.add(symbol);
        wake();
      },
      rebuilt() {
        changed = new Set([...sent.keys(), ...view.symbols()]);
        wake();
      },
    });
    const put = (message: FollowPricesResponse, symbol: string) => {
      const terms = catalogue.get(symbol);
      const book = view.get(symbol);
      // Another replica has added it, and its row is being read: it is tried again at the next wake or heartbeat.
      if (terms === undefined) return;
      changed.delete(symbol);
      const known = sent.get(symbol);
      if (known === undefined && book !== undefined) message.instruments.push(termsMessageOf(terms, book));
      const prices = pricesOf(symbol, book);
      if (known !== undefined && isSame(known, prices)) return;
      message.prices.push(prices);
      sent.set(symbol, prices);
    };
    return {
      take() {
        const message = create(FollowPricesResponseSchema);
        for (const symbol of changed) {
          put(message, symbol);
          if (message.prices.length === booksMax) break;
        }
        if (isComplete && message.prices.length === 0) return undefined;
        isComplete ||= message.prices.length < booksMax;
        message.complete = isComplete;
        return message;
      },
      [Symbol.dispose]: () => subscription[Symbol.dispose](),
    };
  };
}

function pricesOf(symbol: string, book: SymbolView | undefined): BookPrices {
  return create(BookPricesSchema, {
    symbol,
    bidTicks: book?.bids.levels[0]?.priceTicks,
    askTicks: book?.asks.levels[0]?.priceTicks,
    lastTicks: book?.last?.priceTicks,
    state: book?.state,
  });
}

function isSame(a: BookPrices, b: BookPrices): boolean {
  return a.bidTicks === b.bidTicks && a.askTicks === b.askTicks && a.lastTicks === b.lastTicks && a.state === b.state;
}
