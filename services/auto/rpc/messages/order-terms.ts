/** The orders of automations: contract to domain and back. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { OrderTerms, OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, SelfTradePrevention, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { type OrderDraft, OrderDraftError, parseOrderDraft } from '../../domain/order-draft.ts';

const sides = { buy: Side.BUY, sell: Side.SELL } as const;
const types = { market: OrderType.MARKET, limit: OrderType.LIMIT } as const;
const timesInForce = {
  '': TimeInForce.UNSPECIFIED,
  gtc: TimeInForce.GTC,
  ioc: TimeInForce.IOC,
  fok: TimeInForce.FOK,
} as const;

/** The message of an order. */
export function toOrderTerms(draft: OrderDraft): MessageInitShape<typeof OrderTermsSchema> {
  const { symbol, side, type, timeInForce, size, limitPrice, postOnly } = draft;
  return {
    symbol,
    side: sides[side],
    type: types[type],
    timeInForce: timesInForce[timeInForce],
    size: { case: size.kind, value: size.value },
    limitPrice,
    postOnly,
  };
}

/** Reads the message of an order. Throws INVALID_ARGUMENT; `field` is its path in the request. */
export function fromOrderTerms(terms: OrderTerms, field: string): OrderDraft {
  for (const [name, isStated] of notOffered(terms)) {
    if (isStated) throw invalidArgument(`${field}.${name}`, 'is not offered for orders of automations');
  }
  const { symbol, side, type, timeInForce, size, limitPrice, postOnly } = terms;
  try {
    return parseOrderDraft({
      symbol,
      side: keyOf(sides, side),
      type: keyOf(types, type),
      timeInForce: keyOf(timesInForce, timeInForce),
      size: size.case === undefined ? undefined : { kind: size.case, value: size.value },
      limitPrice,
      postOnly,
    });
  } catch (error) {
    if (error instanceof OrderDraftError) throw invalidArgument(`${field}.${error.field}`, error.message);
    throw error;
  }
}

/** Terms of kinds of order that automations do not place, and whether they are stated. */
function notOffered(terms: OrderTerms): [name: string, isStated: boolean][] {
  return [
    ['stop_price', terms.stopPrice !== ''],
    [terms.trail.case === 'trailPercent' ? 'trail_percent' : 'trail_amount', terms.trail.case !== undefined],
    ['display_quantity', terms.displayQuantity !== ''],
    ['minimum_quantity', terms.minimumQuantity !== ''],
    ['slide', terms.slide],
    ['expire_time', terms.expireTime !== undefined],
    ['self_trade_prevention', terms.selfTradePrevention !== SelfTradePrevention.UNSPECIFIED],
  ];
}

function keyOf<K extends string>(words: Record<K, number>, value: number): K | undefined {
  return (Object.keys(words) as K[]).find((key) => words[key] === value);
}
