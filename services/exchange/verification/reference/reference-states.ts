/** Changes of the trading state and their effects (R24, R26). */
import { CancelReason, type StateCause, TimeInForce, TradingState } from '../../engine/model/codes.ts';
import { uncross } from './reference-auction.ts';
import { referencePrice } from './reference-book.ts';
import { massCancel, rest } from './reference-changes.ts';
import { emitTriggered, followUp } from './reference-following.ts';
import type { ReferenceBook, ReferenceOrder, ReferenceState } from './reference-state.ts';
import { showPriceToStops } from './reference-stops.ts';

/** Changes the state of a book. `commandId` is in the events of orders that a delisting cancels. */
export function changeState(
  state: ReferenceState,
  book: ReferenceBook,
  to: { state: TradingState; cause: StateCause; commandId: string },
): void {
  const from = book.state;
  book.state = to.state;
  book.timerMs = undefined;
  state.events.push({ kind: 'stateChanged', symbol: book.listing.symbol, state: to.state, cause: to.cause });
  switch (to.state) {
    case TradingState.CLOSING_AUCTION:
      enterAtCloseOrders(state, book);
      break;
    case TradingState.CONTINUOUS:
      becomeContinuous(state, book);
      break;
    case TradingState.CLOSED:
      if (from === TradingState.CLOSING_AUCTION) uncross(state, book);
      followUp(state, book);
      massCancel(state, book, endsAtClose, CancelReason.EXPIRED);
      break;
    case TradingState.DELISTED:
      massCancel(state, book, () => true, CancelReason.OPERATOR, to.commandId);
      break;
    default:
  }
}

function enterAtCloseOrders(state: ReferenceState, book: ReferenceBook): void {
  const waiting = book.orders.filter(({ where }) => where === 'atClose').sort((a, b) => a.priority - b.priority);
  for (const order of waiting) {
    emitTriggered(state, order, 0, 0);
    rest(state, order);
  }
}

function becomeContinuous(state: ReferenceState, book: ReferenceBook): void {
  uncross(state, book);
  massCancel(state, book, ({ timeInForce }) => timeInForce === TimeInForce.AT_OPEN, CancelReason.EXPIRED);
  if (book.lastPrice !== 0) showPriceToStops(book, book.lastPrice);
  book.breakerPrice = referencePrice(book);
  followUp(state, book);
}

function endsAtClose({ timeInForce }: ReferenceOrder): boolean {
  return timeInForce === TimeInForce.DAY || timeInForce === TimeInForce.AT_OPEN || timeInForce === TimeInForce.AT_CLOSE;
}
