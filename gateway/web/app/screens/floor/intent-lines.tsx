import { placesFor } from '../../store/instruments.ts';
import { ownOrders } from '../../store/own-orders.ts';
import type { Intent } from '../../trading/intent-list.ts';
import { intents } from '../../trading/intents.ts';
import { progressText, statusText } from './order-text.ts';

/** What was sent from here: one line an order, rewritten as it fills. */
export function IntentLines() {
  if (intents.value.length === 0) return null;
  return (
    <ul class="intents" aria-label="Sent from here">
      {intents.value.map((intent) => (
        <li key={intent.key} data-state={intent.state}>
          {lineOf(intent)}
        </li>
      ))}
    </ul>
  );
}

function lineOf(intent: Intent): string {
  if (intent.state === 'sending') return `Sending: ${intent.text}`;
  if (intent.state === 'unknown') return `Sent, no answer yet, looking: ${intent.text}`;
  if (intent.state === 'refused') return `Refused: ${intent.text}. ${intent.message}`;
  const order = ownOrders.value.get(intent.orderIds[0] ?? '');
  if (order === undefined) return intent.text;
  if (Number(order.filledQuantity) > 0) return `${progressText(order, placesFor(order.symbol))}.`;
  return `${intent.text}: ${statusText(order).toLowerCase()}.`;
}
