import { StreamQuotesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { SourceOpener } from '#platform/stream/serve-stream.ts';
import type { MarketView } from '../../view/market-view.ts';
import { encode } from '../messages/market-messages.ts';
import { encodedQuote, positionOf, sharedQuote } from './encoded.ts';

/**
 * All quotes, then each that has changed since it was last taken: at most one message for each symbol waits. After a rebuild of the view
 * all quotes come again.
 */
export function quoteSource(view: MarketView, symbols: readonly string[]): SourceOpener<EncodedMessage> {
  return (wake) => {
    const changed = new Set<string>();
    let isSnapshotDue = true;
    const subscription = view.listeners.add(symbols, {
      quoteChanged(symbol) {
        changed.add(symbol);
        wake();
      },
      rebuilt() {
        isSnapshotDue = true;
        wake();
      },
    });
    return {
      take() {
        if (isSnapshotDue) {
          isSnapshotDue = false;
          changed.clear();
          return snapshot(view, symbols);
        }
        for (const symbol of changed) {
          changed.delete(symbol);
          const symbolView = view.get(symbol);
          if (symbolView !== undefined) return encodedQuote(view, symbolView);
        }
        return undefined;
      },
      [Symbol.dispose]: () => subscription[Symbol.dispose](),
    };
  };
}

function snapshot(view: MarketView, symbols: readonly string[]): EncodedMessage {
  const quotes = symbols.map((symbol) => {
    const symbolView = view.get(symbol);
    return symbolView === undefined ? { symbol } : sharedQuote(symbolView).quote;
  });
  const newest = quotes.reduce(
    (best, { symbol }) => {
      const position = positionOf(view, symbol);
      return position.sequence > best.sequence ? position : best;
    },
    positionOf(view, symbols[0]),
  );
  return encode(StreamQuotesResponseSchema, { ...newest, message: { case: 'snapshot', value: { quotes } } });
}
