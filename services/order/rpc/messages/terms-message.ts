import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { OrderTerms } from '#gen/outcry/order/v1/order_pb.ts';
import { SelfTradePrevention } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { RawSpecials } from '../../domain/read-specials.ts';
import { parseTerms, type Terms } from '../../domain/terms.ts';
import { TermsError } from '../../domain/terms-error.ts';
import { fromOrderType, fromSelfTrade, fromSide, fromTimeInForce } from './enums.ts';

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
    specials: hasSpecials(terms) ? toSpecials(terms) : undefined,
  });
}

function hasSpecials(terms: OrderTerms): boolean {
  const { stopPrice, trail, displayQuantity, minimumQuantity, slide, expireTime, selfTradePrevention } = terms;
  return (
    stopPrice !== '' ||
    trail.case !== undefined ||
    displayQuantity !== '' ||
    minimumQuantity !== '' ||
    slide ||
    expireTime !== undefined ||
    terms.sessionId !== '' ||
    selfTradePrevention !== SelfTradePrevention.UNSPECIFIED
  );
}

function toSpecials(terms: OrderTerms): RawSpecials {
  const { trail } = terms;
  const kind = trail.case === 'trailAmount' ? 'amount' : 'percent';
  return {
    stopPrice: terms.stopPrice,
    trail: trail.case === undefined ? undefined : { kind, text: trail.value },
    displayQuantity: terms.displayQuantity,
    minimumQuantity: terms.minimumQuantity,
    slide: terms.slide,
    expireTimeMs: terms.expireTime && wholeMs(terms.expireTime),
    selfTrade: fromSelfTrade(terms.selfTradePrevention),
    sessionId: terms.sessionId,
  };
}

/** Unix milliseconds; NaN for a time between two of them. */
export function wholeMs({ seconds, nanos }: Timestamp): number {
  return nanos % 1_000_000 === 0 ? Number(seconds) * 1_000 + nanos / 1_000_000 : Number.NaN;
}
