import { StreamQuotesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { EncodedMessage } from '#platform/rpc/server.ts';
import { withCount } from '#platform/stream/conflated.ts';
import type { MarketView } from '../../view/market-view.ts';
import { type Conflations, uncounted } from '../../view/measure-view.ts';
import { encode } from '../messages/market-messages.ts';
import { encodedQuote, positionOf, sharedQuote } from './encoded.ts';
import type { SymbolSource } from './open-streams.ts';

const conflatedCountField = StreamQuotesResponseSchema.field.conflatedCount.number;

/**
 * All quotes, then each that has changed since it was last taken: at most one message for each symbol waits, and says how many others it
 * stands for. After a rebuild of the view all quotes come again.
 */
export function quoteSource(view: MarketView, first: readonly string[]) {
  return (wake: () => void, { noteConflated }: Conflations = uncounted): SymbolSource<EncodedMessage> => {
    let symbols = first;
    const changed = new Map<string, number>();
    let isSnapshotDue = true;
    const change = (symbol: string) => {
      changed.set(symbol, (changed.get(symbol) ?? 0) + 1);
      wake();
    };
    const rebuilt = () => {
      isSnapshotDue = true;
      wake();
    };
    const listen = () => view.listeners.add(symbols, { quoteChanged: change, rebuilt });
    let subscription = listen();
    return {
      take() {
        if (isSnapshotDue) {
          isSnapshotDue = false;
          changed.clear();
          return snapshot(view, symbols);
        }
        for (const [symbol, count] of changed) {
          changed.delete(symbol);
          const symbolView = view.get(symbol);
          if (symbolView === undefined) continue;
          noteConflated(count - 1);
          return conflated(encodedQuote(view, symbolView), count - 1);
        }
        return undefined;
      },
      setSymbols(newer) {
        subscription[Symbol.dispose]();
        const known = new Set(symbols);
        symbols = newer;
        subscription = listen();
        for (const symbol of changed.keys()) if (!symbols.includes(symbol)) changed.delete(symbol);
        for (const symbol of symbols) if (!known.has(symbol)) change(symbol);
      },
      [Symbol.dispose]: () => subscription[Symbol.dispose](),
    };
  };
}

function conflated(message: EncodedMessage, count: number): EncodedMessage {
  return count > 0 ? new EncodedMessage(withCount(message.bytes, conflatedCountField, count)) : message;
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
