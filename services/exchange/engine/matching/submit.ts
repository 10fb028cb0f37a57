import { NONE, OrderType, Reason } from '../codes.ts';
import { highWord } from '../columns.ts';
import { EventKind } from '../event-buffer.ts';
import { refuse, slidPrice } from './admission.ts';
import type { Book } from './book.ts';
import { enter } from './enter.ts';
import { ACCEPT_HIGH, ACCEPT_LOW, DISPLAY, extraWords, SESSION, STOP, TRAIL_BPS, TRAIL_TICKS } from './extra-table.ts';
import { followUp } from './follow-ups.ts';
import type { MatchingState } from './matching-state.ts';
import {
  ACCOUNT,
  BOOK,
  EXTRA,
  FLAGS,
  GROUP,
  LEVEL,
  OPEN,
  POST_ONLY,
  PRICE,
  packFlags,
  QUANTITY,
  REVISION,
  SHOWN,
  SLIDE,
} from './order-table.ts';
import { tellReplaced } from './tell-replaced.ts';
import type { Ticket } from './ticket.ts';

/** Brings one order to its book. The reason of a rejection, or NONE; a key that is live is refused without an event. */
export function submit(state: MatchingState, ticket: Ticket): Reason {
  if (state.orders.find(ticket.key) !== NONE) return Reason.ORDER_ID_REUSED;
  const book = state.books[ticket.book]!;
  state.detailA = 0;
  state.detailB = 0;
  const reason = refuse(state, book, ticket);
  if (reason !== Reason.NONE) {
    reject(state, ticket, reason);
    return reason;
  }
  const slot = createOrder(state, ticket);
  state.events.push(EventKind.ACCEPTED, ticket.book, state.command, ticket.key, 0);
  slide(state, book, slot, ticket);
  enter(state, book, slot);
  followUp(state, book);
  state.changes.flush(state.events, state.command);
  return Reason.NONE;
}

/** Moves a post-only order that was admitted to the price at which it does not trade. */
export function slide(state: MatchingState, book: Book, slot: number, ticket: Ticket): void {
  if (!ticket.slide) return;
  const price = slidPrice(state, book, ticket);
  if (price === ticket.price) return;
  state.orders.words[slot + PRICE] = price;
  tellReplaced(state, slot, 0);
}

/** Tells that an order is rejected. */
export function reject(state: MatchingState, ticket: Ticket, reason: Reason): void {
  state.tradedLots = 0;
  state.restingLots = 0;
  const { detailA, detailB } = state;
  state.events.push(EventKind.REJECTED, ticket.book, state.command, ticket.key, reason, detailA, detailB);
}

/** Makes an order of a ticket; it is in no queue yet. */
export function createOrder(state: MatchingState, ticket: Ticket): number {
  const { orders } = state;
  const slot = orders.allocate(ticket.key);
  const words = orders.words;
  const bits = (ticket.postOnly ? POST_ONLY : 0) | (ticket.slide ? SLIDE : 0);
  words[slot + PRICE] = ticket.price;
  words[slot + OPEN] = ticket.quantity;
  words[slot + SHOWN] = 0;
  words[slot + LEVEL] = NONE;
  words[slot + GROUP] = ticket.group;
  words[slot + ACCOUNT] = ticket.account;
  words[slot + FLAGS] = packFlags(ticket.side, ticket.timeInForce, ticket.selfTrade, ticket.type, bits);
  words[slot + QUANTITY] = ticket.quantity;
  words[slot + REVISION] = 1;
  words[slot + BOOK] = ticket.book;
  words[slot + EXTRA] = isPlain(ticket) ? NONE : createExtra(state, ticket);
  if (ticket.expireTimeMs > 0) state.expiries.add(slot);
  orders.touch(slot);
  return slot;
}

/** Gives an order an entry of richer terms, where it has none. Returns it. */
export function extraOf(state: MatchingState, slot: number, ticket: Ticket): number {
  const { words } = state.orders;
  if (words[slot + EXTRA] === NONE) words[slot + EXTRA] = createExtra(state, ticket);
  return words[slot + EXTRA]!;
}

function isPlain({ type, expireTimeMs, session }: Ticket): boolean {
  return type === OrderType.LIMIT && expireTimeMs === 0 && session === '';
}

function createExtra(state: MatchingState, ticket: Ticket): number {
  const { extras } = state;
  const extra = extras.allocate();
  const accepted = ++state.acceptances;
  extras.words[extra + STOP] = ticket.stopPrice;
  extras.words[extra + TRAIL_TICKS] = ticket.trailTicks;
  extras.words[extra + TRAIL_BPS] = ticket.trailBps;
  extras.words[extra + DISPLAY] = ticket.display;
  if (ticket.session !== '') extras.words[extra + SESSION] = state.sessions.byName.get(ticket.session)?.handle ?? NONE;
  extras.words[extra + ACCEPT_LOW] = accepted | 0;
  extras.words[extra + ACCEPT_HIGH] = highWord(accepted);
  extras.expireTimeMs[extra / extraWords] = ticket.expireTimeMs;
  return extra;
}
