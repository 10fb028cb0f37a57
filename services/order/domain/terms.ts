import {
  CENT_SCALE,
  DecimalError,
  microsPerCent,
  PRICE_SCALE,
  parseDecimal,
  QUANTITY_SCALE,
} from '#platform/money/decimal.ts';
import type { OrderType, Side, TimeInForce } from './order.ts';
import { TermsError } from './terms-error.ts';

/** Terms as they came; `unset` and `other` stand for enum values that are unspecified or that this release does not offer. */
export type RawTerms = {
  symbol: string;
  side: Side | 'unset';
  type: OrderType | 'unset' | 'other';
  timeInForce: TimeInForce | 'unset' | 'other';
  size: { kind: 'quantity' | 'amount'; text: string } | undefined;
  /** Empty: none. */
  limitPrice: string;
  postOnly: boolean;
};

/** Terms in exact numbers. Nothing here depends on the state of a market or an account. */
export type Terms = {
  symbol: string;
  side: Side;
  type: OrderType;
  timeInForce: TimeInForce;
  size: { kind: 'quantity'; micros: bigint } | { kind: 'amount'; cashMicros: bigint };
  /** Millionths of the currency unit; undefined for market orders. */
  limitPriceMicros: bigint | undefined;
  postOnly: boolean;
};

const symbolPattern = /^[A-Z0-9.]{1,12}$/;
const amountMaxMicros = 5n * 10n ** 14n;

/** Reads the terms. Throws TermsError at the first field that is not valid. */
export function parseTerms(raw: RawTerms): Terms {
  const { symbol, side, type } = raw;
  if (!symbolPattern.test(symbol)) throw new TermsError('terms.symbol', 'must be 1 to 12 characters of [A-Z0-9.]');
  if (side === 'unset') throw new TermsError('terms.side', 'must be BUY or SELL');
  if (type === 'unset') throw new TermsError('terms.type', 'must be MARKET or LIMIT');
  if (type === 'other') throw new TermsError('terms.type', 'is not offered by this release');
  const timeInForce = timeInForceOf(raw, type);
  const limitPriceMicros = limitPriceOf(raw, type);
  if (raw.postOnly && (type === 'market' || timeInForce !== 'gtc')) {
    throw new TermsError('terms.post_only', 'is only for limit orders that may rest');
  }
  return { symbol, side, type, timeInForce, size: sizeOf(raw, type, side), limitPriceMicros, postOnly: raw.postOnly };
}

/** The normalised fields in one text: equal for `1.0` and `1.00`, different for anything that changes the order. */
export function fingerprintOf({ symbol, side, type, timeInForce, size, limitPriceMicros, postOnly }: Terms): string {
  const sizeText = size.kind === 'quantity' ? `q${size.micros}` : `a${size.cashMicros / microsPerCent}`;
  return ['1', symbol, side, type, timeInForce, sizeText, limitPriceMicros ?? '', postOnly ? 'post' : ''].join('|');
}

function timeInForceOf({ timeInForce }: RawTerms, type: OrderType): TimeInForce {
  if (timeInForce === 'other') throw new TermsError('terms.time_in_force', 'is not offered by this release');
  if (timeInForce === 'unset') return type === 'market' ? 'ioc' : 'gtc';
  if (type === 'market' && timeInForce === 'gtc') {
    throw new TermsError('terms.time_in_force', 'of a market order must be IOC or FOK');
  }
  return timeInForce;
}

function limitPriceOf({ limitPrice }: RawTerms, type: OrderType): bigint | undefined {
  if (type === 'market') {
    if (limitPrice !== '') throw new TermsError('terms.limit_price', 'is only for limit orders');
    return undefined;
  }
  return decimalOf('terms.limit_price', limitPrice, PRICE_SCALE);
}

function sizeOf({ size }: RawTerms, type: OrderType, side: Side): Terms['size'] {
  if (size === undefined) throw new TermsError('terms.quantity', 'quantity or amount is required');
  if (size.kind === 'quantity') {
    return { kind: 'quantity', micros: decimalOf('terms.quantity', size.text, QUANTITY_SCALE) };
  }
  if (type !== 'market' || side !== 'buy') throw new TermsError('terms.amount', 'is only for market buys');
  const cashMicros = decimalOf('terms.amount', size.text, CENT_SCALE) * microsPerCent;
  if (cashMicros > amountMaxMicros) throw new TermsError('terms.amount', 'is too large');
  return { kind: 'amount', cashMicros };
}

function decimalOf(field: string, text: string, scale: number): bigint {
  try {
    return parseDecimal(text, scale, { min: 1n });
  } catch (error) {
    if (error instanceof DecimalError) throw new TermsError(field, error.message);
    throw error;
  }
}
