import { Side } from '../domain/codes.ts';
import { fromWords } from '../domain/columns.ts';
import type { Listing } from '../domain/commands.ts';
import type { EngineState } from '../domain/engine-state.ts';
import { EventKind, eventWords } from '../domain/event-buffer.ts';
import { readLevel } from '../domain/matching/level-table.ts';

/** One price level. */
export type ViewLevel = { priceTicks: number; quantityLots: number; orderCount: number };

/** One book as the public sees it. */
export type ViewBook = {
  listing: Listing;
  state: number;
  lastPriceTicks: number;
  /** By price. */
  bids: Map<number, ViewLevel>;
  asks: Map<number, ViewLevel>;
};

/**
 * The public books at the last committed group. The engine may be groups ahead of it: what is shown is moved on by the events of
 * a group when that is committed, never read from the engine.
 */
export class BookView {
  readonly books: ViewBook[] = [];
  /** Sequence at which the books stand. */
  sequence = 0;
  #state: EngineState;

  /** Shows the books of an engine whose state is committed whole. */
  constructor(state: EngineState) {
    this.#state = state;
    this.sequence = state.sequence;
    for (const [number, book] of state.books.entries()) {
      const view = this.#open(number);
      view.state = book.state;
      view.lastPriceTicks = book.lastPrice;
      for (const [ladder, levels] of [[book.bids, view.bids] as const, [book.asks, view.asks] as const]) {
        for (const level of ladder.levels()) copyLevel(state, level, levels);
      }
    }
  }

  /** Moves on by the events of a committed group, given as the words of its event buffer. */
  apply(words: Int32Array, lastSequence: number): void {
    for (let at = 0; at < words.length; at += eventWords) this.#applyEvent(words.subarray(at, at + eventWords));
    this.sequence = lastSequence;
  }

  #applyEvent(words: Int32Array): void {
    const [kind = 0, number = 0, , a = 0, b = 0, c = 0, d = 0, e = 0] = words;
    if (kind === EventKind.LISTED) this.#open(number);
    const book = this.books[number];
    if (!book) throw new Error('an event names a book that is not listed');
    if (kind === EventKind.STATE_CHANGED) book.state = a;
    else if (kind === EventKind.TRADED) book.lastPriceTicks = c;
    else if (kind === EventKind.LEVEL_CHANGED) {
      const levels = a === Side.BUY ? book.bids : book.asks;
      if (e === 0) levels.delete(b);
      else levels.set(b, { priceTicks: b, quantityLots: fromWords(c, d), orderCount: e });
    }
  }

  #open(number: number): ViewBook {
    const listing = this.#state.books[number]?.listing;
    if (!listing) throw new Error('a book has no listing');
    const book: ViewBook = { listing, state: 0, lastPriceTicks: 0, bids: new Map(), asks: new Map() };
    this.books[number] = book;
    return book;
  }
}

function copyLevel({ matching }: EngineState, level: number, to: Map<number, ViewLevel>): void {
  const shown = readLevel(matching.state.levels, level);
  to.set(shown.priceTicks, shown);
}
