import { Book } from '../matching/book.ts';
import { Reason } from '../model/codes.ts';
import type { ListCommand, Outcome } from '../model/commands.ts';
import { EventKind } from '../model/event-buffer.ts';
import { type EngineState, ineffective, outcome } from '../state/engine-state.ts';

/** Opens a book in continuous trading. A repetition with the same terms changes nothing. */
export function list(state: EngineState, { listing }: ListCommand): Outcome {
  const known = state.bookOf.get(listing.symbol);
  if (known !== undefined) {
    const { listingHashLow, listingHashHigh } = state.books[known]!;
    const book = new Book(known, listing);
    const same = listingHashLow === book.listingHashLow && listingHashHigh === book.listingHashHigh;
    return ineffective(same ? Reason.NONE : Reason.SYMBOL_ALREADY_LISTED);
  }
  const book = openBook(state, listing);
  const { events, command } = state.matching.state;
  events.push(EventKind.LISTED, book.number, command);
  events.push(EventKind.STATE_CHANGED, book.number, command, book.state, 0);
  state.appliedEvents = events.count;
  return outcome(state.sequence);
}

/** Opens the next book under its symbol. */
export function openBook(state: EngineState, listing: ListCommand['listing']): Book {
  const book = state.matching.open(listing);
  state.bookOf.set(listing.symbol, book.number);
  state.checksums[book.number] = 0;
  return book;
}
