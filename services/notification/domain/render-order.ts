/** What happened to an order, as plain text. */
import type { Composed } from './composed.ts';
import type { Fact, OrderFact } from './fact.ts';

type Opened = Extract<Fact, { type: 'order-opened' }>;
type Ended = Extract<Fact, { type: 'order-ended' }>;
type Filled = Extract<Fact, { type: 'order-filled' }>;

/** An order is open, was cancelled or was refused. */
export function composeOrder(fact: Opened | Ended): Composed {
  if (fact.type === 'order-opened') return composeOpened(fact);
  const { order } = fact;
  const what = termsOf(order);
  if (fact.outcome === 'rejected') {
    const reason = fact.reason === '' ? '' : `Reason: ${fact.reason}`;
    const lines = ['Your order was refused; nothing of it traded.', reason, detailsOf(order)];
    return { kind: 'order', subject: `Order refused: ${what}`, lines };
  }
  const why = fact.reason === '' ? 'Your order was cancelled.' : `Your order was cancelled: ${fact.reason}.`;
  const lines = [why, ...tradedBefore(order), detailsOf(order)];
  return { kind: 'order', subject: `Order cancelled: ${what}`, lines };
}

function composeOpened({ order, waitsUntil, hasWaited }: Opened): Composed {
  const what = termsOf(order);
  if (waitsUntil !== '') {
    const lines = [`Your order waits outside of the book until ${waitsUntil}.`, detailsOf(order)];
    return { kind: 'order', subject: `Order waits: ${what}`, lines };
  }
  const line = hasWaited ? 'What your order waited for has come: it is in the book.' : 'Your order is in the book.';
  return { kind: 'order', subject: `Order open: ${what}`, lines: [line, detailsOf(order)] };
}

/** One fill of an order. */
export function composeFill({ order, isWhole, quantity, price, fee }: Filled): Composed {
  const what = `${verbOf(order)} ${quantity} ${order.symbol} at ${price}`;
  return {
    kind: 'fill',
    subject: `Order ${isWhole ? 'filled' : 'partly filled'}: ${what}`,
    lines: [
      `You ${what}.`,
      `Fee: ${fee}`,
      `Filled so far: ${order.filledQuantity} of ${order.quantity}`,
      detailsOf(order),
    ],
  };
}

/** All fills of an order so far, the fill of the fact among them; as that fill alone when there was no other. */
export function composeFills(fact: Filled): Composed {
  const { order, isWhole, quantity } = fact;
  if (quantity === order.filledQuantity || order.averageFillPrice === '') return composeFill(fact);
  const what = `${verbOf(order)} ${order.filledQuantity} ${order.symbol} at ${order.averageFillPrice} on average`;
  return {
    kind: 'fill',
    subject: `Order ${isWhole ? 'filled' : 'partly filled'}: ${what}`,
    lines: [
      `You ${what}, in several fills.`,
      `Fees: ${order.fees}`,
      `Filled so far: ${order.filledQuantity} of ${order.quantity}`,
      detailsOf(order),
    ],
  };
}

/** Whether anything of the order traded. */
export function hasTraded({ filledQuantity }: OrderFact): boolean {
  return filledQuantity !== '' && filledQuantity !== '0';
}

function tradedBefore(order: OrderFact): string[] {
  if (!hasTraded(order)) return ['Nothing of it traded.'];
  const shares = `${order.filledQuantity} of ${order.quantity} shares traded before that.`;
  if (order.averageFillPrice === '') return [shares];
  return [shares, `You ${verbOf(order)} them at ${order.averageFillPrice} on average.`, `Fees: ${order.fees}`];
}

function verbOf({ side }: OrderFact): 'bought' | 'sold' {
  return side === 'buy' ? 'bought' : 'sold';
}

function detailsOf({ orderId }: OrderFact): string {
  return `Order: ${orderId}`;
}

function termsOf({ side, quantity, symbol, limitPrice, stop }: OrderFact): string {
  const limit = limitPrice === '' ? '' : ` at ${limitPrice}`;
  // An exit whose entry has not traded has no quantity yet.
  const shares = quantity === '0' ? '' : `${quantity} `;
  return `${side} ${shares}${symbol}${limit}${stop === '' ? '' : `, ${stop}`}`;
}
