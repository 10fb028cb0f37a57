import { Book } from './book.ts';
import { cancelLadder } from './cancel.ts';
import { CancelReason, NONE, Reason, TradingState } from './codes.ts';
import type { ListCommand, Outcome, SetStateCommand } from './commands.ts';
import type { EngineState } from './engine-state.ts';
import { ineffective, outcome } from './engine-state.ts';
import { EventKind } from './event-buffer.ts';
import { runKeyed } from './keyed.ts';

/** Opens a book in continuous trading. The same terms again change nothing. */
export function list(state: EngineState, command: ListCommand): Outcome {
  const { listing } = command;
  const known = state.bookOf.get(listing.symbol);
  const book = new Book(listing);
  if (known !== undefined) {
    const { listingHashLow, listingHashHigh } = state.books[known]!;
    const same = listingHashLow === book.listingHashLow && listingHashHigh === book.listingHashHigh;
    return ineffective(same ? Reason.NONE : Reason.SYMBOL_ALREADY_LISTED);
  }
  const bookNumber = state.books.length;
  state.books.push(book);
  state.bookOf.set(listing.symbol, bookNumber);
  state.events.push(EventKind.LISTED, bookNumber, state.command);
  state.events.push(EventKind.STATE_CHANGED, bookNumber, state.command, book.state);
  return outcome(state.sequence);
}

/** Changes the trading state of a book. Nothing leads out of DELISTED, and what rested is cancelled on the way in. */
export function setState(state: EngineState, command: SetStateCommand): Outcome {
  const bookNumber = state.bookOf.get(command.symbol);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  return runKeyed(state, command.commandId, ['setState', command.symbol, command.state], () => {
    const book = state.books[bookNumber]!;
    if (book.state === command.state) return outcome(0);
    if (book.state === TradingState.DELISTED) return outcome(0, Reason.INSTRUMENT_NOT_TRADING, book.state);
    book.state = command.state;
    state.events.push(EventKind.STATE_CHANGED, bookNumber, state.command, command.state);
    if (command.state !== TradingState.DELISTED) return outcome(0);
    let cancelledCount = cancelLadder(state, book.bids, NONE, CancelReason.OPERATOR);
    cancelledCount += cancelLadder(state, book.asks, NONE, CancelReason.OPERATOR);
    return { ...outcome(0), cancelledCount };
  });
}
