import { Reason } from '../model/codes.ts';
import type { Outcome, SplitCommand } from '../model/commands.ts';
import { type EngineState, ineffective, outcome } from '../state/engine-state.ts';
import { countCancelled, runIdempotent } from '../state/run-idempotent.ts';

/** Rewrites a book after a share split. */
export function split(state: EngineState, command: SplitCommand): Outcome {
  const { symbol, numerator, denominator } = command;
  const bookNumber = state.bookOf.get(symbol);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  const body = ['split', symbol, numerator, denominator];
  return runIdempotent(state, { commandId: command.commandId, body, isOperators: true }, () => {
    const book = state.books[bookNumber]!;
    const first = state.events.count;
    state.matching.split(book, { numerator, denominator });
    return { ...outcome(0), cancelledCount: countCancelled(state, first) };
  });
}
