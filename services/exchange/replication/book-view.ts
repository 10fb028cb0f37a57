import { readLevel } from '../engine/matching/level-table.ts';
import { none, quantityMax, Side, StateCause, TradingState } from '../engine/model/codes.ts';
import { fromWords } from '../engine/model/columns.ts';
import type { Listing } from '../engine/model/commands.ts';
import { EventKind, eventWords } from '../engine/model/event-buffer.ts';
import type { EngineState } from '../engine/state/engine-state.ts';

/** One price level. */
export type ViewLevel = { priceTicks: number; quantityLots: number; orderCount: number };

/** The public view of one book. */
export type ViewBook = {
  listing: Listing;
  state: number;
  /** When the circuit breaker changes the state next, Unix ms; 0: it is not at work. */
  breakerDueMs: number;
  lastPriceTicks: number;
  /** Sum of the checksums of all levels, modulo 2^32. */
  checksum: number;
  /** By price. */
  bids: Map<number, ViewLevel>;
  asks: Map<number, ViewLevel>;
};

/**
 * The public books at the last committed group. The engine may be groups ahead: the view is advanced by the events of each committed
 * group, and never read from the engine.
 */
export class BookView {
  readonly books: ViewBook[] = [];
  /** Sequence of the last event that was applied. */
  sequence = 0;
  #state: EngineState;

  /** Copies the books of an engine whose state is committed. */
  constructor(state: EngineState) {
    this.#state = state;
    this.sequence = state.sequence;
    for (const [number, book] of state.books.entries()) {
      const view = this.#open(number);
      view.state = book.state;
      view.breakerDueMs = book.timerTimeMs;
      view.lastPriceTicks = book.lastPrice;
      view.checksum = (state.checksums[number] ?? 0) >>> 0;
      for (const [ladder, levels] of [[book.bids, view.bids] as const, [book.asks, view.asks] as const]) {
        for (const level of ladder.levels()) copyLevel(state, level, levels);
      }
    }
  }

  /** Applies the events of a committed group of this journalled time, given as the words of its event buffer. */
  apply(words: Int32Array, { lastSequence, timeMs }: { lastSequence: number; timeMs: number }): void {
    for (let at = 0; at < words.length; at += eventWords) this.#applyEvent(words, at, timeMs);
    this.sequence = lastSequence;
  }

  #applyEvent(words: Int32Array, at: number, timeMs: number): void {
    const word = (i: number) => words[at + i] ?? 0;
    const kind = word(0);
    // An order of an unknown symbol.
    if (word(1) === none) return;
    if (kind === EventKind.LISTED) this.#open(word(1));
    const book = this.books[word(1)];
    if (!book) throw new Error('an event names a book that is not listed');
    if (kind === EventKind.STATE_CHANGED) changeState(book, { state: word(3), cause: word(4), timeMs });
    else if (kind === EventKind.TRADED) book.lastPriceTicks = word(5);
    else if (kind === EventKind.SPLIT) book.lastPriceTicks = splitPrice(book.lastPriceTicks, word(3), word(4));
    else if (kind === EventKind.LEVEL_CHANGED) {
      const levels = word(3) === Side.BUY ? book.bids : book.asks;
      const [priceTicks, orderCount] = [word(4), word(7)];
      if (orderCount === 0) levels.delete(priceTicks);
      else levels.set(priceTicks, { priceTicks, quantityLots: fromWords(word(5), word(6)), orderCount });
      book.checksum = word(11) >>> 0;
    }
  }

  #open(number: number): ViewBook {
    const listing = this.#state.books[number]?.listing;
    if (!listing) throw new Error('a book has no listing');
    const levels = { checksum: 0, bids: new Map(), asks: new Map() };
    const book: ViewBook = { listing, state: 0, breakerDueMs: 0, lastPriceTicks: 0, ...levels };
    this.books[number] = book;
    return book;
  }
}

// The same times as in the engine (R24).
function changeState(book: ViewBook, { state, cause, timeMs }: { state: number; cause: number; timeMs: number }): void {
  const { breakerHaltMs, breakerAuctionMs } = book.listing;
  book.state = state;
  if (cause === StateCause.BREAKER) book.breakerDueMs = timeMs + breakerHaltMs;
  else if (cause === StateCause.TIMER && state === TradingState.OPENING_AUCTION) book.breakerDueMs += breakerAuctionMs;
  else book.breakerDueMs = 0;
}

// The same division as in the engine (R33).
function splitPrice(priceTicks: number, numerator: number, denominator: number): number {
  if (priceTicks === 0) return 0;
  return Math.min(quantityMax, Math.max(1, Math.floor((priceTicks * denominator) / numerator)));
}

function copyLevel({ matching }: EngineState, level: number, to: Map<number, ViewLevel>): void {
  const shown = readLevel(matching.state.levels, level);
  to.set(shown.priceTicks, shown);
}
