/** The one button of the ticket: review, then send; guarded here and not only by its look. */
import { computed, effect, signal } from '@preact/signals';
import { ListType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { openSheet } from '../../frame/sheets.ts';
import { orders } from '../../rpc/clients.ts';
import { isLoggedIn } from '../../rpc/session.ts';
import { connection } from '../../store/connection.ts';
import { isFrozen } from '../../store/frame.ts';
import { preferences } from '../../store/preferences.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { place } from '../../trading/intents.ts';
import { changeDraft, draft, plainDraft } from './draft.ts';
import { termsOf } from './draft-terms.ts';
import { isReviewed, pressed, type Step } from './review.ts';
import { actWords, isSendable, shownRisk } from './ticket-facts.ts';

/** What the button does. */
export const step = signal<Step>({ name: 'fill' });
/** Whether the box is ticked that a great impact asks for. */
export const isTicked = signal(false);

/** Why the button does nothing now; empty: it does. */
export const blockedText = computed(() => {
  const { word } = connection.value;
  if (word === 'offline' || word === 'reconnecting') return 'No connection: nothing is sent.';
  return isFrozen.value ? 'Figures are frozen: nothing is sent.' : '';
});

/** Goes back from the review. */
export function stepBack(): void {
  step.value = { name: 'fill' };
  isTicked.value = false;
}

/** Any change of the draft or of the symbol steps back from the review. */
export function followDraft(): void {
  effect(() => {
    void [draft.value, selectedSymbol.value];
    stepBack();
  });
}

/** What a press of the button, or Enter, does. */
export function press({ isRepeat }: { isRepeat: boolean }): void {
  if (isRepeat || blockedText.peek() !== '' || !isSendable.peek()) return;
  if (!isLoggedIn.peek()) {
    openSheet.value = 'log in';
    return;
  }
  const risk = shownRisk.peek();
  const act = pressed(step.peek(), {
    nowMs: performance.now(),
    isRepeat,
    isReviewed: isReviewed(risk, preferences.peek().confirm),
  });
  if (act === 'review') step.value = { name: 'review', sinceMs: performance.now() };
  if (act === 'send' && (!risk.needsTick || isTicked.peek())) send();
}

function send(): void {
  const filled = plainDraft();
  const terms = termsOf(filled, selectedSymbol.peek());
  const text = actWords.peek();
  // The quantity is gone before the call begins: a further press finds nothing to send.
  changeDraft({ quantity: '' });
  const [first] = terms;
  if (terms.length === 1 && first !== undefined) {
    void place({
      text,
      isList: false,
      send: async (key) => [(await orders.placeOrder({ clientOrderId: key, terms: first })).order],
    });
    return;
  }
  const type = filled.type === 'OCO' ? ListType.OCO : ListType.BRACKET;
  const listed = (key: string) => terms.map((one, index) => ({ clientOrderId: `${key}-${index}`, terms: one }));
  void place({
    text,
    isList: true,
    send: async (key) => (await orders.placeOrderList({ clientListId: key, type, orders: listed(key) })).orders,
  });
}
