/** Auctions that were held: what a book's changes of state make of them. */

import type { Phase } from './calendar/calendar.ts';

/** What an auction began or ended. */
export type AuctionKind = 'opening' | 'closing' | 'reopening';

/** A price that an auction found, and the lots that traded at it. */
export type Auction = { symbol: string; timeMs: number; kind: AuctionKind; priceTicks: bigint; quantityLots: bigint };

/** A state of a book; one that is delisted counts as halted, as no auction follows. */
export type BookState = Phase | 'halted';

/** What is known of a book's states. */
export type BookPhase = {
  state: BookState;
  /** Whether it has traded continuously in its session. */
  hasOpened: boolean;
  /** The kind of an auction that its last change of state holds. */
  kind: AuctionKind;
};

/** A book of which no change of state was seen: it opened in continuous trading. */
export const openedBook: BookPhase = { state: 'continuous', hasOpened: true, kind: 'reopening' };

/**
 * The phase of a book after a change of state. Its session is over when the book is closed; a book that is listed before its session leaves the
 * continuous trading of its listing, which was none of a session. A book that is interrupted may collect orders for a moment: that begins no session.
 */
export function phaseAfter({ state: from, hasOpened, kind }: BookPhase, state: BookState): BookPhase {
  switch (state) {
    case 'continuous':
      return { state, hasOpened: true, kind: hasOpened ? 'reopening' : 'opening' };
    case 'closed':
      return { state, hasOpened: false, kind: 'closing' };
    case 'pre-open':
    case 'opening-auction':
      return { state, hasOpened: hasOpened && from !== 'continuous' && from !== 'closed', kind };
    default:
      return { state, hasOpened, kind };
  }
}
