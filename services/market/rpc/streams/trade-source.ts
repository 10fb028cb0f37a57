import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { SymbolPosition } from '#platform/stream/resume-token.ts';
import type { TradeNews } from '../../view/listeners.ts';
import type { MarketView } from '../../view/market-view.ts';
import { encodedGap, positionOf } from './encoded.ts';
import { type MissedOfSymbol, missedTrades } from './missed-trades.ts';
import type { SymbolSource } from './open-streams.ts';

/** Trades that wait for one reader; beyond it the oldest is dropped and counted. */
const tradeQueueMax = 1_000;

/** How a stream begins: `missed` of one that is resumed, after which comes a heartbeat. */
export type TradeSourceOptions = { missed?: MissedOfSymbol[]; heartbeat?: () => EncodedMessage; queueMax?: number };

/**
 * Trades from now on, or after what was missed. A reader that falls further behind than `queueMax` gets a gap with the number of missed
 * trades in their place; after a rebuild of the view it gets a gap of an unknown number (0).
 */
export function tradeSource(view: MarketView, first: readonly string[], options: TradeSourceOptions = {}) {
  const { missed = [], heartbeat, queueMax = tradeQueueMax } = options;
  return (wake: () => void): SymbolSource<EncodedMessage> => {
    let symbols = first;
    let waiting: TradeNews[] = [];
    let missedCount = 0n;
    let isHistoryLost = false;
    const backlog = missedTrades(view, missed);
    let isCaughtUp = missed.length === 0;
    const through = new Map(missed.map(({ symbol, throughSequence }) => [symbol, throughSequence]));
    const sent = createSent(view, symbols, missed);
    const listener = {
      traded(news: TradeNews) {
        // The reader comes from a replica that was ahead of this one.
        if (news.sequence <= (through.get(news.trade.symbol) ?? 0n)) return;
        waiting.push(news);
        if (waiting.length > queueMax) {
          waiting.shift();
          missedCount += 1n;
        }
        wake();
      },
      rebuilt() {
        isHistoryLost = true;
        wake();
      },
    };
    let subscription = view.listeners.add(symbols, listener);
    const gap = (count: bigint) => encodedGap(positionOf(view, symbols[0]), count);
    return {
      take() {
        const old = backlog.shift();
        if (old !== undefined) {
          sent.set(old.symbol, old.sequence);
          return old.encoded();
        }
        if (!isCaughtUp) {
          isCaughtUp = true;
          return heartbeat?.();
        }
        if (missedCount > 0n) {
          const message = gap(missedCount);
          missedCount = 0n;
          return message;
        }
        const next = waiting.shift();
        if (next !== undefined) {
          sent.set(next.trade.symbol, next.sequence);
          return next.encoded();
        }
        if (!isHistoryLost) return undefined;
        isHistoryLost = false;
        return gap(0n);
      },
      positions() {
        const isQuiet = backlog.length === 0 && waiting.length === 0 && missedCount === 0n && !isHistoryLost;
        return isQuiet ? symbols.map((symbol) => currentOf(view, symbol)) : sent.positions(symbols, isHistoryLost);
      },
      setSymbols(newer) {
        subscription[Symbol.dispose]();
        for (const symbol of newer) if (!symbols.includes(symbol)) sent.set(symbol, positionOf(view, symbol).sequence);
        symbols = newer;
        waiting = waiting.filter(({ trade }) => symbols.includes(trade.symbol));
        subscription = view.listeners.add(symbols, listener);
      },
      [Symbol.dispose]: () => subscription[Symbol.dispose](),
    };
  };
}

/** What was sent of each symbol, which is behind the view while trades wait. */
function createSent(view: MarketView, symbols: readonly string[], missed: readonly MissedOfSymbol[]) {
  const sequences = new Map(symbols.map((symbol) => [symbol, positionOf(view, symbol).sequence]));
  for (const { symbol, stored, throughSequence } of missed) {
    const [oldest] = stored;
    sequences.set(symbol, oldest === undefined ? throughSequence : oldest.sequence - 1n);
  }
  return {
    set: (symbol: string, sequence: bigint) => void sequences.set(symbol, sequence),
    /** Of a lost history the epoch is empty, so that a reader who goes on from there gets a gap. */
    positions: (of: readonly string[], isHistoryLost: boolean): SymbolPosition[] =>
      of.map((symbol) => {
        const current = currentOf(view, symbol);
        const epoch = isHistoryLost ? '' : current.epoch;
        return { symbol, epoch, sequence: sequences.get(symbol) ?? current.sequence };
      }),
  };
}

function currentOf(view: MarketView, symbol: string): SymbolPosition {
  return { symbol, ...positionOf(view, symbol) };
}
