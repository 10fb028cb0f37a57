import { failureText } from '../../rpc/failure.ts';
import { placesFor } from '../../store/instruments.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { Button } from '../../ui/button.tsx';
import { changeDraft, draft } from './draft.ts';
import { problemOf } from './fixes.ts';
import { ownProblem, preview, previewFailure, steps } from './preview.ts';

/** Why the order would be refused, with presses that cure it. */
export function TicketProblems() {
  const refusal = preview.value?.refusal;
  const facts = { draft: draft.value, ...steps.value, places: placesFor(selectedSymbol.value).price };
  const problem = ownProblem.value ?? (refusal === undefined ? undefined : problemOf(refusal, facts));
  const failure = previewFailure.value;
  if (problem === undefined && failure === undefined) return null;
  return (
    <div class="note bad" id="ticket-problem" role="status">
      {problem?.text ?? (failure === undefined ? '' : failureText(failure))}{' '}
      {problem?.fixes.map(({ text, changes }) => (
        <Button key={text} isSmall onClick={() => changeDraft(changes)}>
          {text}
        </Button>
      ))}
    </div>
  );
}
