/** The view of all books in memory: built from a snapshot, changed by the feed's events, observed by listeners. */
import type { FeedEvent, FollowResponse, GetBooksResponse } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { History } from '../store/read-history.ts';
import { applyEvent, BookDiffersError, type Changes, type EventTarget, viewOfBook } from './apply-event.ts';
import { createListeners, type Listeners } from './listeners.ts';
import { applySymbolHistory, forgetMessages, type SymbolView } from './symbol-view.ts';

/** The view's position on a shard's feed, and the sequence of its snapshot. */
export type Head = { epoch: string; sequence: bigint; snapshotSequence: bigint };

/** The feed does not continue at the view's position: the view must be rebuilt. */
export class FeedBrokenError extends Error {
  override name = 'FeedBrokenError';
}

/** The books of all shards. */
export type MarketView = {
  readonly listeners: Listeners;
  /** Undefined before the first snapshot and after `forget`. */
  head(shard: number): Head | undefined;
  get(symbol: string): SymbolView | undefined;
  /** The symbols of all books. */
  symbols(): Iterable<string>;
  /** Epoch of the symbol's feed; empty before the first snapshot. */
  epochOf(view: SymbolView | undefined): string;
  symbolsOf(shard: number): string[];
  /** Replaces the books of a shard by those of a snapshot. */
  rebuild(shard: number, books: GetBooksResponse): void;
  /**
   * Applies a run of events and notifies listeners once, after the last. Throws FeedBrokenError at a gap, in another epoch, and where a
   * book differs from the exchange's.
   */
  apply(shard: number, message: FollowResponse): void;
  /** Makes `head` undefined, so that the follower requests a snapshot. The books stay readable. */
  forget(shard: number): void;
  /** Applies what the database has stored up to a feed sequence. Listeners are not notified: no price has moved. */
  applyHistory(history: History): void;
  /** Sets when the auction ends in which a book is, Unix ms, and notifies its listeners if that is news. */
  setAuctionEnd(symbol: string, endMs: number): void;
};

/** A view without books. `onListed` is called for each book that opens. */
export function createMarketView(options: { onListed: (symbol: string) => void }): MarketView {
  const heads = new Map<number, Head & { broken: boolean }>();
  const symbols = new Map<string, SymbolView>();
  const listeners = createListeners();
  return {
    listeners,
    head(shard) {
      const head = heads.get(shard);
      return head === undefined || head.broken ? undefined : head;
    },
    get: (symbol) => symbols.get(symbol),
    symbols: () => symbols.keys(),
    epochOf: (view) => (view === undefined ? '' : (heads.get(view.shard)?.epoch ?? '')),
    symbolsOf: (shard) => [...symbols.values()].filter((view) => view.shard === shard).map(({ symbol }) => symbol),
    rebuild(shard, { sequence, epoch, books }) {
      const isSameHistory = heads.get(shard)?.epoch === epoch;
      heads.set(shard, { epoch, sequence, snapshotSequence: sequence, broken: false });
      const earlier = new Map(symbols);
      for (const view of earlier.values()) if (view.shard === shard) symbols.delete(view.symbol);
      for (const book of books) {
        const view = viewOfBook(book, { shard, sequence, earlier: isSameHistory ? earlier : undefined });
        if (view !== undefined) symbols.set(view.symbol, view);
      }
      const notified = new Set([...earlier.keys(), ...symbols.keys()].flatMap((symbol) => [...listeners.of(symbol)]));
      for (const listener of notified) listener.rebuilt?.();
    },
    apply(shard, { events, epoch }) {
      const head = heads.get(shard);
      if (head === undefined || head.epoch !== epoch) throw new FeedBrokenError('the epoch of the feed has changed');
      const changes: Changes = { quotes: new Set(), depths: new Set(), candles: new Map(), trades: [], listed: [] };
      try {
        for (const event of events) {
          if (event.sequence <= head.sequence) continue;
          if (event.sequence !== head.sequence + 1n) throw new FeedBrokenError('the feed has a gap');
          applyOrBreak(event, { shard, symbols, epoch, changes });
          head.sequence = event.sequence;
        }
      } finally {
        notify(changes, symbols, listeners);
        for (const symbol of changes.listed) options.onListed(symbol);
      }
    },
    forget(shard) {
      const head = heads.get(shard);
      if (head !== undefined) head.broken = true;
    },
    applyHistory({ symbols: histories, throughSequence }) {
      for (const history of histories) {
        const view = symbols.get(history.symbol);
        if (view !== undefined) applySymbolHistory(view, history, throughSequence);
      }
    },
    setAuctionEnd(symbol, endMs) {
      const view = symbols.get(symbol);
      if (view === undefined || view.auctionEndMs === endMs) return;
      view.auctionEndMs = endMs;
      forgetMessages(view);
      for (const listener of listeners.of(symbol)) listener.quoteChanged?.(symbol);
    },
  };
}

function applyOrBreak(event: FeedEvent, target: EventTarget): void {
  try {
    applyEvent(event, target);
  } catch (error) {
    if (error instanceof BookDiffersError) throw new FeedBrokenError(error.message, { cause: error });
    throw error;
  }
}

function notify(changes: Changes, symbols: Map<string, SymbolView>, listeners: Listeners): void {
  for (const symbol of changes.quotes) {
    const view = symbols.get(symbol);
    if (view !== undefined) forgetMessages(view);
  }
  for (const news of changes.trades) {
    for (const listener of listeners.of(news.trade.symbol)) listener.traded?.(news);
  }
  for (const candle of changes.candles.values()) {
    for (const listener of listeners.of(candle.symbol)) listener.candleChanged?.(candle);
  }
  for (const symbol of changes.quotes) for (const listener of listeners.of(symbol)) listener.quoteChanged?.(symbol);
  for (const symbol of changes.depths) for (const listener of listeners.of(symbol)) listener.depthChanged?.(symbol);
}
