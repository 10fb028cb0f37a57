import type { OrderTerms } from '#gen/outcry/order/v1/order_pb.ts';
import { parseTerms, type Terms } from '../../domain/terms.ts';
import { TermsError } from '../../domain/terms-error.ts';
import { fromOrderType, fromSide, fromTimeInForce } from './enums.ts';

/** Terms, from proto to domain. Throws TermsError. */
export function fromTerms(terms: OrderTerms | undefined): Terms {
  if (terms === undefined) throw new TermsError('terms', 'is required');
  const { size } = terms;
  return parseTerms({
    symbol: terms.symbol,
    side: fromSide(terms.side),
    type: fromOrderType(terms.type),
    timeInForce: fromTimeInForce(terms.timeInForce),
    size: size.case === undefined ? undefined : { kind: size.case, text: size.value },
    limitPrice: terms.limitPrice,
    postOnly: terms.postOnly,
  });
}
