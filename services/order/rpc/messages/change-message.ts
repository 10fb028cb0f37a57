import type { ReplaceOrderRequest } from '#gen/outcry/order/v1/order_pb.ts';
import { PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import { readTermsDecimal } from '../../domain/read-terms-decimal.ts';
import type { Change } from '../../domain/replace.ts';
import { TermsError } from '../../domain/terms-error.ts';

/** What is to be changed, from proto to domain. Throws TermsError. */
export function fromChange({ quantity, limitPrice, stopPrice }: ReplaceOrderRequest): Change {
  if (quantity === undefined && limitPrice === undefined && stopPrice === undefined) {
    throw new TermsError('quantity', 'quantity, limit_price or stop_price is required');
  }
  const priceOf = (field: string, text: string | undefined) =>
    text === undefined ? undefined : readTermsDecimal(field, text, PRICE_SCALE);
  return {
    quantityMicros: quantity === undefined ? undefined : readTermsDecimal('quantity', quantity, QUANTITY_SCALE),
    limitPriceMicros: priceOf('limit_price', limitPrice),
    stopPriceMicros: priceOf('stop_price', stopPrice),
  };
}
