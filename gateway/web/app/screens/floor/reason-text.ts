/** Reasons of refusals in words: what, the numbers, and where it can be cured the fix. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { exactAmount, figureText } from '../../figures/figure-text.ts';

/** A refusal as orders and previews have it. */
export type RefusalFacts = { reason: ErrorReason; metadata: Record<string, string> };

type Texts = Partial<Record<ErrorReason, (numbers: Record<string, string>) => string>>;

const figure = (text: string | undefined) => figureText(text, { trimmed: false });
const money = (text: string | undefined) => figureText(text, exactAmount);

const texts: Texts = {
  [ErrorReason.CASH_INSUFFICIENT]: ({ needed, available, held }) =>
    `needs up to ${money(needed)}; you have ${money(available)} free, ${money(held)} is held by orders`,
  [ErrorReason.SHARES_INSUFFICIENT]: ({ needed, symbol, available, held }) =>
    `needs ${figure(needed)} ${symbol ?? 'shares'}; you have ${figure(available)} free, ${figure(held)} are offered already`,
  [ErrorReason.PRICE_NOT_ON_TICK]: ({ price, tick }) => `${figure(price)} falls between two ticks of ${figure(tick)}`,
  [ErrorReason.QUANTITY_NOT_ON_LOT]: ({ quantity, lot }) =>
    `${figure(quantity)} is no multiple of the lot, ${figure(lot)}`,
  [ErrorReason.PRICE_OUT_OF_BAND]: ({ price, low, high }) =>
    `${figure(price)} is outside today's band, ${figure(low)} to ${figure(high)}`,
  [ErrorReason.NO_REFERENCE_PRICE]: () => 'there is no price yet from which a protection could be set',
  [ErrorReason.ORDER_NOTIONAL_OVER_LIMIT]: ({ notional, limit }) =>
    `its value, ${figure(notional)}, is over your limit of ${figure(limit)}`,
  [ErrorReason.OPEN_NOTIONAL_OVER_LIMIT]: ({ open, notional, limit }) =>
    `with ${figure(notional)} your open orders, ${figure(open)}, would be over your limit of ${figure(limit)}`,
  [ErrorReason.OPEN_ORDERS_OVER_LIMIT]: ({ limit }) => `you have ${figure(limit)} open orders, as many as you may have`,
  [ErrorReason.ORDER_RATE_OVER_LIMIT]: ({ limit }) => `more than ${figure(limit)} orders in a second; send it again`,
  [ErrorReason.POSITION_LIMIT_EXCEEDED]: ({ position, limit, symbol }) =>
    `you would have ${figure(position)} ${symbol ?? ''}, over your limit of ${figure(limit)}`,
  [ErrorReason.TRADING_NOT_PERMITTED]: () => "your account's conditions do not permit this",
  [ErrorReason.INSTRUMENT_HALTED]: ({ symbol }) => `${symbol ?? 'it'} is halted; cancels work, new orders are refused`,
  [ErrorReason.INSTRUMENT_NOT_TRADING]: ({ symbol, state }) =>
    `${symbol ?? 'the book'} does not take this order now${state === undefined ? '' : ` (${state.toLowerCase().replaceAll('_', ' ')})`}`,
  [ErrorReason.POST_ONLY_WOULD_TRADE]: () => 'it would have traded at once, and was to rest only',
  [ErrorReason.FILL_OR_KILL_UNFILLED]: () => 'the book did not hold all of it',
  [ErrorReason.MINIMUM_QUANTITY_UNFILLED]: () => 'the book did not hold the least quantity',
  [ErrorReason.ORDER_NOT_SUBMITTED_IN_TIME]: () => 'the exchange did not have it in time; nothing was traded',
  [ErrorReason.EXPIRE_TIME_PAST]: () => 'the time until which it should live is past',
  [ErrorReason.AMOUNT_BELOW_LOT]: ({ amount, lot_cost }) =>
    `${figure(amount)} buys less than one lot, which costs ${figure(lot_cost)}`,
  [ErrorReason.ACCOUNT_FROZEN]: () => 'your account is frozen: it may cancel, not trade',
};

/** The reason in words with its numbers, without a code. */
export function reasonText(refusal: RefusalFacts | undefined): string {
  if (refusal === undefined) return 'for a reason that was not stated';
  const text = texts[refusal.reason];
  if (text !== undefined) return text(refusal.metadata);
  const [name = 'unknown'] = Object.entries(ErrorReason).find(([, reason]) => reason === refusal.reason) ?? [];
  return name.replaceAll('_', ' ').toLowerCase();
}
