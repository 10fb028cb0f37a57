import { failureText } from '../../rpc/failure.ts';
import { placesFor } from '../../store/instruments.ts';
import { openOrders } from '../../store/own-orders.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { Button } from '../../ui/button.tsx';
import { showOpenOrders } from './blotter-tab.ts';
import { changeDraft, draft } from './draft.ts';
import { type Fix, problemOf } from './fixes.ts';
import { sideText } from './order-text.ts';
import { ownProblem, preview, previewFailure, steps } from './preview.ts';

/** Why the order would be refused, with presses that cure it. */
export function TicketProblems() {
  const refusal = preview.value?.refusal;
  const { price: places } = placesFor(selectedSymbol.value);
  const facts = { draft: draft.value, ...steps.value, places, holdingCount: holdingCount() };
  const problem = ownProblem.value ?? (refusal === undefined ? undefined : problemOf(refusal, facts));
  const failure = previewFailure.value;
  if (problem === undefined && failure === undefined) return null;
  return (
    <div class="note bad" id="ticket-problem" role="status">
      {problem?.text ?? (failure === undefined ? '' : failureText(failure))}{' '}
      {problem?.fixes.map((fix) => (
        <Button key={fix.text} isSmall onClick={() => take(fix)}>
          {fix.text}
        </Button>
      ))}
    </div>
  );
}

function take({ changes, shows }: Fix): void {
  if (shows === 'open orders') showOpenOrders();
  else changeDraft(changes);
}

// Purchases hold cash, sales the shares of their symbol.
function holdingCount(): number {
  const isBuy = draft.value.side === 'buy';
  const held = openOrders.value.filter(({ side }) => (sideText(side) === 'Buy') === isBuy);
  return isBuy ? held.length : held.filter(({ symbol }) => symbol === selectedSymbol.value).length;
}
