import { StreamCandlesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { EncodedMessage } from '#platform/rpc/server.ts';
import { withCount } from '#platform/stream/conflated.ts';
import type { SymbolPosition } from '#platform/stream/resume-token.ts';
import type { Candle, CandleInterval } from '../../domain/candle.ts';
import type { MarketView } from '../../view/market-view.ts';
import { type Conflations, uncounted } from '../../view/measure-view.ts';
import { encode } from '../messages/market-messages.ts';
import { encodedCandle, positionOf } from './encoded.ts';
import type { SymbolSource } from './open-streams.ts';

/** Candles of a symbol that wait for one reader: the running one and those that have ended since. Beyond it the oldest is dropped. */
const candleQueueMax = 100;
const conflatedCountField = StreamCandlesResponseSchema.field.conflatedCount.number;

/** Which candles; `positions` of a stream that is resumed. */
export type CandleSourceOptions = {
  symbols: readonly string[];
  interval: CandleInterval;
  positions?: ReadonlyMap<string, SymbolPosition>;
};

/**
 * The running candles, then the newest form of each that has changed, and the last form of each that has ended: a reader of the stream gets
 * every candle's close. Resumed, it begins with a gap for each symbol that has traded since.
 */
export function candleSource(view: MarketView, { interval, positions = new Map(), ...options }: CandleSourceOptions) {
  return (wake: () => void, { noteConflated }: Conflations = uncounted): SymbolSource<EncodedMessage> => {
    let { symbols } = options;
    const waiting = new Map<string, { candle: Candle; count: number }>();
    const gaps = symbols.filter((symbol) => hasTradedSince(view, positions.get(symbol)));
    const put = (candle: Candle | undefined) => {
      if (candle?.interval !== interval) return;
      const key = `${candle.symbol} ${candle.startMs}`;
      waiting.set(key, { candle, count: (waiting.get(key)?.count ?? 0) + 1 });
      if (waiting.size > candleQueueMax * symbols.length) waiting.delete(waiting.keys().next().value as string);
      wake();
    };
    const putRunning = (of: readonly string[]) => {
      for (const symbol of of) put(view.get(symbol)?.running.get(interval));
    };
    const listen = () => view.listeners.add(symbols, { candleChanged: put, rebuilt: () => putRunning(symbols) });
    let subscription = listen();
    putRunning(symbols);
    return {
      take() {
        const gap = gaps.shift();
        if (gap !== undefined) return encodedCandleGap(view, gap);
        for (const [key, { candle, count }] of waiting) {
          waiting.delete(key);
          const symbolView = view.get(candle.symbol);
          if (symbolView === undefined) continue;
          const message = encodedCandle(view, symbolView, candle);
          noteConflated(count - 1);
          return count === 1 ? message : new EncodedMessage(withCount(message.bytes, conflatedCountField, count - 1));
        }
        return undefined;
      },
      setSymbols(newer) {
        subscription[Symbol.dispose]();
        const added = newer.filter((symbol) => !symbols.includes(symbol));
        symbols = newer;
        subscription = listen();
        for (const [key, { candle }] of waiting) if (!symbols.includes(candle.symbol)) waiting.delete(key);
        putRunning(added);
      },
      [Symbol.dispose]: () => subscription[Symbol.dispose](),
    };
  };
}

function hasTradedSince(view: MarketView, position: SymbolPosition | undefined): boolean {
  if (position === undefined) return false;
  const { epoch } = positionOf(view, position.symbol);
  const trail = view.get(position.symbol)?.trail;
  if (epoch !== position.epoch || trail === undefined || position.sequence < trail.fromSequence) return true;
  return (trail.trades.at(-1)?.sequence ?? 0n) > position.sequence;
}

function encodedCandleGap(view: MarketView, symbol: string): EncodedMessage {
  const message = { case: 'gap' as const, value: { symbol } };
  return encode(StreamCandlesResponseSchema, { ...positionOf(view, symbol), message });
}
