import { none, Reason } from '../model/codes.ts';
import type { CancelAllCommand, Outcome } from '../model/commands.ts';
import { type EngineState, ineffective, outcome } from '../state/engine-state.ts';
import { countCancelled, runIdempotent } from '../state/run-idempotent.ts';

/** Cancels all live orders that match, in the order of a mass cancel (R9). */
export function cancelAll(state: EngineState, command: CancelAllCommand): Outcome {
  const { accountId, symbol, side } = command;
  const bookNumber = symbol === '' ? none : state.bookOf.get(symbol);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  const body = ['cancelAll', accountId, symbol, side];
  return runIdempotent(state, { commandId: command.commandId, body, isOperators: accountId === '' }, () => {
    const account = accountId === '' ? none : state.names.find(accountId);
    if (accountId !== '' && account === none) return outcome(0);
    const first = state.events.count;
    state.matching.cancelAll(account, bookNumber, side);
    return { ...outcome(0), cancelledCount: countCancelled(state, first) };
  });
}
