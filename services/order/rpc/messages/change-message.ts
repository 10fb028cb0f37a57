import type { ReplaceOrderRequest } from '#gen/outcry/order/v1/order_pb.ts';
import { PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import { percentScale, readExpireTime, trailBpsMax } from '../../domain/read-specials.ts';
import { readTermsDecimal } from '../../domain/read-terms-decimal.ts';
import type { Change } from '../../domain/replace.ts';
import { TermsError } from '../../domain/terms-error.ts';
import { wholeMs } from './terms-message.ts';

const fields = ['quantity', 'limitPrice', 'stopPrice', 'trailAmount', 'trailPercent', 'expireTime'] as const;

/** What is to be changed, from proto to domain. Throws TermsError. */
export function fromChange(request: ReplaceOrderRequest): Change {
  if (fields.every((field) => request[field] === undefined)) {
    throw new TermsError('quantity', 'or a price, trail_amount, trail_percent or expire_time is required');
  }
  const { quantity, limitPrice, stopPrice, expireTime } = request;
  const priceOf = (field: string, text: string | undefined) =>
    text === undefined ? undefined : readTermsDecimal(field, text, PRICE_SCALE);
  return {
    quantityMicros: quantity === undefined ? undefined : readTermsDecimal('quantity', quantity, QUANTITY_SCALE),
    limitPriceMicros: priceOf('limit_price', limitPrice),
    stopPriceMicros: priceOf('stop_price', stopPrice),
    trail: trailOf(request),
    expireTimeMs: expireTime && readExpireTime('expire_time', wholeMs(expireTime)),
  };
}

function trailOf({ trailAmount, trailPercent }: ReplaceOrderRequest): Change['trail'] {
  if (trailAmount !== undefined && trailPercent !== undefined) {
    throw new TermsError('trail_percent', 'does not go with trail_amount');
  }
  if (trailAmount !== undefined) {
    return { kind: 'amount', micros: readTermsDecimal('trail_amount', trailAmount, PRICE_SCALE) };
  }
  if (trailPercent === undefined) return undefined;
  return { kind: 'percent', bps: Number(readTermsDecimal('trail_percent', trailPercent, percentScale, trailBpsMax)) };
}
