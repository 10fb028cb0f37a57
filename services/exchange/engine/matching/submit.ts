import { none, OrderType, Reason } from '../codes.ts';
import { highWord } from '../columns.ts';
import { EventKind } from '../event-buffer.ts';
import { refuse, slidPrice } from './admission.ts';
import type { Book } from './book.ts';
import { tellReplaced } from './emit-replaced.ts';
import { enter } from './enter.ts';
import {
  acceptanceHighOffset,
  acceptanceLowOffset,
  displayOffset,
  extraWords,
  sessionOffset,
  stopOffset,
  trailBpsOffset,
  trailTicksOffset,
} from './extra-table.ts';
import { followUp } from './follow-ups.ts';
import type { MatchingState } from './matching-state.ts';
import type { Ticket } from './new-order.ts';
import {
  accountOffset,
  bookOffset,
  extraOffset,
  flagsOffset,
  groupOffset,
  levelOffset,
  openOffset,
  packFlags,
  postOnlyBit,
  priceOffset,
  quantityOffset,
  revisionOffset,
  shownOffset,
  slideBit,
} from './order-table.ts';

/** Brings one order to its book. The reason of a rejection, or none; a key that is live is refused without an event. */
export function submit(state: MatchingState, ticket: Ticket): Reason {
  if (state.orders.find(ticket.key) !== none) return Reason.ORDER_ID_REUSED;
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
  state.orders.words[slot + priceOffset] = price;
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
  const bits = (ticket.postOnly ? postOnlyBit : 0) | (ticket.slide ? slideBit : 0);
  words[slot + priceOffset] = ticket.price;
  words[slot + openOffset] = ticket.quantity;
  words[slot + shownOffset] = 0;
  words[slot + levelOffset] = none;
  words[slot + groupOffset] = ticket.group;
  words[slot + accountOffset] = ticket.account;
  words[slot + flagsOffset] = packFlags(ticket.side, ticket.timeInForce, ticket.selfTrade, ticket.type, bits);
  words[slot + quantityOffset] = ticket.quantity;
  words[slot + revisionOffset] = 1;
  words[slot + bookOffset] = ticket.book;
  words[slot + extraOffset] = isPlain(ticket) ? none : createExtra(state, ticket);
  if (ticket.expireTimeMs > 0) state.expiries.add(slot);
  orders.touch(slot);
  return slot;
}

/** Gives an order an entry of richer terms, where it has none. Returns it. */
export function extraOf(state: MatchingState, slot: number, ticket: Ticket): number {
  const { words } = state.orders;
  if (words[slot + extraOffset] === none) words[slot + extraOffset] = createExtra(state, ticket);
  return words[slot + extraOffset]!;
}

function isPlain({ type, expireTimeMs, session }: Ticket): boolean {
  return type === OrderType.LIMIT && expireTimeMs === 0 && session === '';
}

function createExtra(state: MatchingState, ticket: Ticket): number {
  const { extras } = state;
  const extra = extras.allocate();
  const accepted = ++state.acceptances;
  extras.words[extra + stopOffset] = ticket.stopPrice;
  extras.words[extra + trailTicksOffset] = ticket.trailTicks;
  extras.words[extra + trailBpsOffset] = ticket.trailBps;
  extras.words[extra + displayOffset] = ticket.display;
  if (ticket.session !== '')
    extras.words[extra + sessionOffset] = state.sessions.byName.get(ticket.session)?.handle ?? none;
  extras.words[extra + acceptanceLowOffset] = accepted | 0;
  extras.words[extra + acceptanceHighOffset] = highWord(accepted);
  extras.expireTimeMs[extra / extraWords] = ticket.expireTimeMs;
  return extra;
}
