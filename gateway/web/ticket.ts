/** The order ticket. */
import { user } from './api.ts';
import { CallError, errorText, isOutcomeUnknown, type Violation } from './call-error.ts';
import { byId, fieldOf, fieldsOf, setText } from './dom.ts';
import { isFinal, type Order, orderText } from './order.ts';
import { createPlacer } from './place-order.ts';
import type { Json } from './transport.ts';

/** The ticket as the rest of the page uses it. */
export type Ticket = {
  /** Offers these symbols. */
  offer(symbols: readonly string[]): void;
  /** Fills in a symbol. */
  choose(symbol: string): void;
  /** Lets orders be placed until the signal aborts. */
  open(signal: AbortSignal): void;
  /** Shows a new state of an order if it is the last placed one. */
  update(order: Order): void;
};

/** Wires the ticket's form; `onSymbol` is called with each known symbol that is typed. */
export function createTicket(onSymbol: (symbol: string) => void): Ticket {
  const form = byId<HTMLFormElement>('ticket');
  const answer = byId('ticket-answer');
  let session = AbortSignal.abort();
  let placing = false;
  const placer = createPlacer(async (attempt) => {
    const answered = await user.call('outcry.order.v1.OrderService/PlaceOrder', attempt);
    return answered.order as Order;
  });
  const say = (text: string, tone = '') => {
    setText(answer, text);
    answer.className = tone;
  };
  const sayOrder = (order: Order) => say(orderText(order), isFinal(order) ? '' : 'pending');
  const place = async (signal: AbortSignal) => {
    markWrongFields(form, []);
    say('Placing the order.', 'pending');
    try {
      const order = await placer.place(termsOf(form), signal, () => say('No answer yet. Asking again.', 'pending'));
      if (!signal.aborted) sayOrder(order);
    } catch (error) {
      if (signal.aborted) return;
      if (isOutcomeUnknown(error)) {
        return say('No answer. Press again: the same order is placed at most once.', 'refused');
      }
      say(`Refused: ${errorText(error)}`, 'refused');
      if (error instanceof CallError) markWrongFields(form, error.violations);
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (session.aborted) return say('Log in to place orders.', 'refused');
    // Ignored while an order is being placed; the button stays enabled so that it does not lose the focus.
    if (placing) return;
    placing = true;
    void place(session).finally(() => {
      placing = false;
    });
  });
  wireFields(form, onSymbol);
  return {
    offer(symbols) {
      byId('symbols').replaceChildren(...symbols.map((symbol) => new Option(symbol)));
    },
    choose(symbol) {
      fieldOf(form, 'symbol').value = symbol;
    },
    open(signal) {
      session = signal;
      say('');
      signal.addEventListener('abort', () => {
        placer.forget();
        say('Log in to place orders.');
      });
    },
    update(order) {
      const placed = placer.update(order);
      if (placed !== undefined) sayOrder(placed);
    },
  };
}

function wireFields(form: HTMLFormElement, onSymbol: (symbol: string) => void): void {
  const limitPrice = fieldOf(form, 'limitPrice') as HTMLInputElement;
  const type = fieldOf(form, 'type');
  const update = () => {
    const isLimit = type.value === 'ORDER_TYPE_LIMIT';
    limitPrice.disabled = !isLimit;
    limitPrice.required = isLimit;
  };
  type.addEventListener('change', update);
  update();
  form.addEventListener('input', (event) => (event.target as HTMLElement).removeAttribute('aria-invalid'));
  fieldOf(form, 'symbol').addEventListener('input', () => {
    const symbol = fieldsOf(form).symbol?.toUpperCase() ?? '';
    const known = [...byId('symbols').children] as HTMLOptionElement[];
    if (known.some(({ value }) => value === symbol)) onSymbol(symbol);
  });
}

function termsOf(form: HTMLFormElement): Json {
  // A disabled limit price is not among the fields.
  const { symbol = '', ...terms } = fieldsOf(form);
  return { ...terms, symbol: symbol.toUpperCase() };
}

// `terms.limit_price` of a refusal is the field `limitPrice` of the form. The first wrong one takes the focus.
function markWrongFields(form: HTMLFormElement, violations: readonly Violation[]): void {
  for (const field of form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  const fields = violations.flatMap(({ field: path }) => {
    const camelCase = path.replace('terms.', '').replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    const field = form.elements.namedItem(camelCase);
    return field instanceof HTMLInputElement ? [field] : [];
  });
  for (const field of fields) field.setAttribute('aria-invalid', 'true');
  fields[0]?.focus();
}
