/** The terms that follow from a draft, as the API takes them. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { type DecimalName, fieldsFor, optionalFieldsFor } from './draft-fields.ts';
import { auctions, draftTimes, timeOf } from './draft-times.ts';
import type { DraftType } from './draft-types.ts';
import type { Draft } from './draft-values.ts';

/** Terms as the API takes them. */
export type Terms = MessageInitShape<typeof OrderTermsSchema>;

const orderTypes: Record<Exclude<DraftType, 'OCO' | 'bracket'>, OrderType> = {
  market: OrderType.MARKET,
  limit: OrderType.LIMIT,
  stop: OrderType.STOP,
  'stop limit': OrderType.STOP_LIMIT,
  trailing: OrderType.TRAILING_STOP,
  iceberg: OrderType.ICEBERG,
};

/** A decimal as the API takes it: with a point; what is no decimal as it was typed, for the server to refuse. */
export function plainDecimal(text: string): string {
  const micros = parseMicros(text);
  return micros === undefined ? text.trim() : microsText(micros);
}

/** The terms of each order of a draft: one, or those of a list with its entry first. */
export function termsOf(draft: Draft, symbol: string): Terms[] {
  if (draft.type === 'OCO') return exitsOf(draft, symbol, sideOf(draft.side));
  if (draft.type === 'bracket') {
    const opposite = draft.side === 'buy' ? Side.SELL : Side.BUY;
    const entry = {
      ...common(draft, symbol, sideOf(draft.side)),
      type: OrderType.LIMIT,
      limitPrice: plainDecimal(draft.limitPrice),
    };
    return [entry, ...exitsOf(draft, symbol, opposite)];
  }
  return [singleTerms(draft, symbol, orderTypes[draft.type])];
}

function singleTerms(draft: Draft, symbol: string, type: OrderType): Terms {
  const has = (name: DecimalName) => fieldsFor(draft).includes(name);
  const isByCash = draft.type === 'market' && draft.side === 'buy' && draft.sizedBy === 'cash';
  const mayAdd = draft.type === 'limit';
  return {
    ...common(draft, symbol, sideOf(draft.side)),
    type,
    ...(isByCash && { size: { case: 'amount', value: plainDecimal(draft.quantity) } as const }),
    ...(has('limitPrice') && { limitPrice: plainDecimal(draft.limitPrice) }),
    ...(optionalFieldsFor(draft.type).includes('worstPrice') &&
      draft.worstPrice.trim() !== '' && { limitPrice: plainDecimal(draft.worstPrice) }),
    ...(has('stopPrice') && { stopPrice: plainDecimal(draft.stopPrice) }),
    ...(has('trail') && trailOf(draft)),
    ...(has('displayQuantity') && { displayQuantity: plainDecimal(draft.displayQuantity) }),
    ...((mayAdd || draft.type === 'iceberg') && draft.postOnly && !isAtAuction(draft) && { postOnly: true }),
    ...(mayAdd &&
      !draft.postOnly &&
      draft.minimumQuantity !== '' && { minimumQuantity: plainDecimal(draft.minimumQuantity) }),
  };
}

// What takes part in an auction does not rest before.
function isAtAuction(draft: Draft): boolean {
  return auctions.includes(timeOf(draft));
}

function exitsOf(draft: Draft, symbol: string, side: Side): Terms[] {
  const base = common(draft, symbol, side);
  return [
    { ...base, type: OrderType.LIMIT, limitPrice: plainDecimal(draft.targetPrice) },
    draft.exitBy === 'trail'
      ? { ...base, type: OrderType.TRAILING_STOP, ...trailOf(draft) }
      : { ...base, type: OrderType.STOP, stopPrice: plainDecimal(draft.stopPrice) },
  ];
}

function trailOf({ trailBy, trail }: Draft) {
  const value = plainDecimal(trail);
  return { trail: { case: trailBy === 'percent' ? 'trailPercent' : 'trailAmount', value } as const };
}

function common(draft: Draft, symbol: string, side: Side) {
  const time = timeOf(draft);
  const expireMs = time === 'GTD' ? Date.parse(draft.expireTime) : Number.NaN;
  return {
    symbol,
    side,
    timeInForce: draftTimes[time].value,
    size: { case: 'quantity', value: plainDecimal(draft.quantity) } as const,
    ...(!Number.isNaN(expireMs) && { expireTime: { seconds: BigInt(Math.floor(expireMs / 1_000)), nanos: 0 } }),
  };
}

function sideOf(side: Draft['side']): Side {
  return side === 'buy' ? Side.BUY : Side.SELL;
}
