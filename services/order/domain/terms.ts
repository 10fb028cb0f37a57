import { CENT_SCALE, microsPerCent, PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { Side } from './order.ts';
import { isLasting, type OrderType, type TimeInForce, timesInForceOf } from './order-kind.ts';
import { type RawSpecials, readSpecials } from './read-specials.ts';
import { readTermsDecimal } from './read-terms-decimal.ts';
import { type StatedSpecials, specialsText } from './special-terms.ts';
import { TermsError } from './terms-error.ts';

/** Terms as they came; `unset` and `other` stand for enum values that are unspecified or that this release does not know. */
export type RawTerms = {
  symbol: string;
  side: Side | 'unset';
  type: OrderType | 'unset' | 'other';
  timeInForce: TimeInForce | 'unset' | 'other';
  size: { kind: 'quantity' | 'amount'; text: string } | undefined;
  /** Empty: none. */
  limitPrice: string;
  postOnly: boolean;
  /** What only some kinds state; undefined: nothing of it. */
  specials?: RawSpecials;
};

/** Terms in exact numbers. Nothing here depends on the state of a market or an account. */
export type Terms = {
  symbol: string;
  side: Side;
  type: OrderType;
  timeInForce: TimeInForce;
  size: { kind: 'quantity'; micros: bigint } | { kind: 'amount'; cashMicros: bigint };
  /** Millionths of the currency unit; undefined for market orders, and for stops that leave their worst price to this service. */
  limitPriceMicros: bigint | undefined;
  postOnly: boolean;
  /** What only some kinds state; undefined for plain orders. */
  specials?: StatedSpecials;
};

const symbolPattern = /^[A-Z0-9.]{1,12}$/;
const amountMaxMicros = 5n * 10n ** 14n;

/** Reads the terms. Throws TermsError at the first field that is not valid. */
export function parseTerms(raw: RawTerms): Terms {
  const { symbol, side, type, postOnly } = raw;
  if (!symbolPattern.test(symbol)) throw new TermsError('terms.symbol', 'must be 1 to 12 characters of [A-Z0-9.]');
  if (side === 'unset') throw new TermsError('terms.side', 'must be BUY or SELL');
  if (type === 'unset') throw new TermsError('terms.type', 'is required');
  if (type === 'other') throw new TermsError('terms.type', 'is not a known type');
  const timeInForce = timeInForceOf(raw, type);
  const limitPriceMicros = limitPriceOf(raw, type);
  if (postOnly && ((type !== 'limit' && type !== 'iceberg') || !isLasting(timeInForce))) {
    throw new TermsError('terms.post_only', 'goes with LIMIT and ICEBERG of GTC, DAY or GTD only');
  }
  const size = sizeOf(raw, type, side);
  const specials = readSpecials(raw.specials, { type, timeInForce, postOnly });
  return { symbol, side, type, timeInForce, size, limitPriceMicros, postOnly, specials };
}

/** The normalised fields in one text: equal for `1.0` and `1.00`, different for anything that changes the order. */
export function fingerprintOf(terms: Terms): string {
  const { symbol, side, type, timeInForce, size, limitPriceMicros, postOnly, specials } = terms;
  const sizeText = size.kind === 'quantity' ? `q${size.micros}` : `a${size.cashMicros / microsPerCent}`;
  // That of a plain order is the one of the first release, as long as its key lives.
  const plain = ['1', symbol, side, type, timeInForce, sizeText, limitPriceMicros ?? '', postOnly ? 'post' : ''].join(
    '|',
  );
  const more = specials === undefined ? '' : specialsText(specials);
  return more === '' ? plain : `${plain}|${more}`;
}

function timeInForceOf({ timeInForce }: RawTerms, type: OrderType): TimeInForce {
  const field = 'terms.time_in_force';
  if (timeInForce === 'other') throw new TermsError(field, 'is not a known time in force');
  const taken = timesInForceOf[type];
  if (timeInForce === 'unset') return taken[0] as TimeInForce;
  if (taken.includes(timeInForce)) return timeInForce;
  throw new TermsError(field, `of this type must be ${taken.join(', ').toUpperCase().replaceAll('-', '_')}`);
}

function limitPriceOf({ limitPrice }: RawTerms, type: OrderType): bigint | undefined {
  if (type === 'market' && limitPrice !== '') throw new TermsError('terms.limit_price', 'does not go with MARKET');
  const isOptional = type === 'market' || type === 'stop' || type === 'trailing-stop';
  if (isOptional && limitPrice === '') return undefined;
  return readTermsDecimal('terms.limit_price', limitPrice, PRICE_SCALE);
}

function sizeOf({ size }: RawTerms, type: OrderType, side: Side): Terms['size'] {
  if (size === undefined) throw new TermsError('terms.quantity', 'quantity or amount is required');
  if (size.kind === 'quantity') {
    return { kind: 'quantity', micros: readTermsDecimal('terms.quantity', size.text, QUANTITY_SCALE) };
  }
  if (type !== 'market' || side !== 'buy') {
    throw new TermsError('terms.amount', 'is only for market buys; any other order states its quantity');
  }
  const cashMicros = readTermsDecimal('terms.amount', size.text, CENT_SCALE) * microsPerCent;
  if (cashMicros > amountMaxMicros) throw new TermsError('terms.amount', 'is too large');
  return { kind: 'amount', cashMicros };
}
