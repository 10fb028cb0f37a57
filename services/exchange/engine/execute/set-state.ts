import { Reason, StateCause, TradingState } from '../model/codes.ts';
import type { Outcome, SetStateCommand } from '../model/commands.ts';
import { type EngineState, ineffective, outcome } from '../state/engine-state.ts';
import { countCancelled, runIdempotent } from '../state/run-idempotent.ts';

/** Changes the trading state of a book. DELISTED is final. */
export function setState(state: EngineState, command: SetStateCommand): Outcome {
  const bookNumber = state.bookOf.get(command.symbol);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  const body = ['setState', command.symbol, command.state];
  return runIdempotent(state, { commandId: command.commandId, body, isOperators: true }, () => {
    const book = state.books[bookNumber]!;
    if (book.state === command.state) return outcome(0);
    if (book.state === TradingState.DELISTED) return outcome(0, Reason.INSTRUMENT_NOT_TRADING, book.state);
    const first = state.events.count;
    state.matching.changeState(book, command.state, StateCause.COMMAND);
    return { ...outcome(0), cancelledCount: countCancelled(state, first) };
  });
}
