import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { reasonName } from '#platform/errors/details.ts';
import { aborted, invalidArgument, type OutcryError, refused } from '#platform/errors/outcry-error.ts';
import type { Refusal } from '../../domain/order.ts';
import { refusedState } from '../../domain/replace.ts';
import { TermsError } from '../../domain/terms-error.ts';

const reasons: Record<string, ErrorReason | undefined> = ErrorReason;

const messages: Record<string, string> = {
  ACCOUNT_CLOSED: 'the account is closed',
  ACCOUNT_FROZEN: 'the account is frozen: it may cancel and read, not trade',
  AMOUNT_BELOW_LOT: 'the amount buys less than one lot at the price of the moment',
  BOOK_FULL: 'the book takes no more orders at the moment',
  CASH_INSUFFICIENT: 'there is too little cash',
  EXPIRE_TIME_PAST: 'the time at which the order was to expire is past',
  FILL_OR_KILL_UNFILLED: 'the order could not be filled whole at once',
  INSTRUMENT_HALTED: 'trading in the instrument is halted',
  INSTRUMENT_NOT_TRADING: 'the instrument is not in a state that takes this order',
  MINIMUM_QUANTITY_UNFILLED: 'the minimum quantity could not trade at once',
  NO_REFERENCE_PRICE: 'the market has neither a quote nor a last price to limit the order by',
  OPEN_NOTIONAL_OVER_LIMIT: "all open orders together would exceed the account's limit",
  OPEN_ORDERS_OVER_LIMIT: 'the account has as many open orders as it may',
  ORDER_ALREADY_FINAL: 'the order is filled, cancelled or rejected already',
  ORDER_ALREADY_TRIGGERED: 'the order has entered the book: its stop price cannot be changed any more',
  ORDER_NOTIONAL_OVER_LIMIT: "the order's value is over the account's limit",
  ORDER_NOT_SUBMITTED_IN_TIME: 'the order could not reach the exchange in time and was withdrawn',
  POSITION_LIMIT_EXCEEDED: "the position would exceed the account's limit",
  POST_ONLY_WOULD_TRADE: 'a post-only order would have traded at once',
  ORDER_REVISION_STALE: 'the order has changed since that revision',
  ORDER_TOO_LARGE: 'at the price of the moment the order is greater than a book takes',
  PRICE_OUT_OF_BAND: 'the price is outside the price band',
  SESSION_UNKNOWN: 'there is no such session, or it has ended',
  SHARES_INSUFFICIENT: 'there are too few shares: selling short is not offered',
  TRADING_NOT_PERMITTED: "the account's conditions do not permit this",
};

/** The reason of a name without its prefix; INTERNAL for a name that is none. */
export function toReason(name: string): ErrorReason {
  return reasons[name] ?? ErrorReason.INTERNAL;
}

/** A refusal, from proto to domain. */
export function toRefusal(reason: ErrorReason, metadata: Record<string, string>): Refusal {
  return { reason: reasonName(reason), metadata };
}

/** FAILED_PRECONDITION with a refusal's reason and numbers, and the id of the order; ABORTED for one that is not stored. */
export function refusalError(refusal: Refusal, orderId: string): OutcryError {
  const message = messages[refusal.reason] ?? 'the order was refused';
  const metadata = { ...refusal.metadata, order_id: orderId };
  if (refusedState(refusal) === 'stale') return aborted(toReason(refusal.reason), message, metadata);
  return refused(toReason(refusal.reason), message, metadata);
}

/** The same for a list, with the id of the list. */
export function listRefusalError(refusal: Refusal, listId: string): OutcryError {
  const message = messages[refusal.reason] ?? 'the list was refused';
  return refused(toReason(refusal.reason), message, { ...refusal.metadata, list_id: listId });
}

/** INVALID_ARGUMENT for a TermsError; any other error as it is. */
export function termsFault(error: unknown): unknown {
  if (!(error instanceof TermsError)) return error;
  return invalidArgument(error.field, error.description, toReason(error.reason), error.metadata);
}

/** As `termsFault`, for requests that name a quantity without terms around it. */
export function closeFault(error: unknown): unknown {
  if (!(error instanceof TermsError)) return error;
  const { field, description, reason, metadata } = error;
  return termsFault(new TermsError(field.replace(/^terms\./, ''), description, reason, metadata));
}
