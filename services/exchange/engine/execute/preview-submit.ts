import { clipToBand, refuse } from '../matching/admission.ts';
import { Reason } from '../model/codes.ts';
import type { Outcome, SubmitCommand } from '../model/commands.ts';
import { type EngineState, ineffective } from '../state/engine-state.ts';
import { journalsRefusals, refuseId } from '../state/find-order.ts';
import { readTerms } from './submit.ts';

/**
 * The refusal with which `submit` would answer a new order now, by the same checks; accepted if there is none. Changes nothing. The order's id is
 * taken for one that is not known.
 */
export function previewSubmit(state: EngineState, command: SubmitCommand): Outcome {
  const bookNumber = state.bookOf.get(command.symbol);
  const refusal = refuseId(state, command.idTimeMs);
  if (refusal !== Reason.NONE && (bookNumber !== undefined || journalsRefusals(state))) return ineffective(refusal);
  if (bookNumber === undefined) return ineffective(Reason.SYMBOL_UNKNOWN);
  const { newOrder, names, matching } = state;
  readTerms(command, newOrder);
  newOrder.book = bookNumber;
  // An account that has never ordered has no number, and nothing in any book.
  newOrder.account = names.find(command.accountId);
  newOrder.group = names.find(command.selfTradeGroup || command.accountId);
  matching.state.detailA = 0;
  matching.state.detailB = 0;
  const book = matching.state.books[bookNumber]!;
  clipToBand(book, newOrder);
  const reason = refuse(matching.state, book, newOrder);
  return ineffective(reason, matching.state.detailA, matching.state.detailB);
}
