import type { MessageInitShape } from '@bufbuild/protobuf';
import type { NewOrderSchema, OrderListSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { OrderType, SelfTradePrevention } from '#gen/outcry/trading/v1/trading_pb.ts';
import { type ListLegs, orderedLots } from '../../domain/list-legs.ts';
import { isImmediate, type Order, valueMaxOf } from '../../domain/order.ts';
import type { SpecialTerms } from '../../domain/special-terms.ts';
import { toListType, toOrderType, toSelfTrade, toSide, toTimeInForce } from './enums.ts';
import { exchangeSessionId } from './session-message.ts';

type NewOrderInit = MessageInitShape<typeof NewOrderSchema>;

/**
 * An order as the exchange takes it. It takes priced orders only: a market order is a limit order at its protection price that does not rest. An
 * order for the moment does not enter the book from `endMs` on, the market's time in Unix milliseconds; 0: it always does.
 */
export function toNewOrder(order: Order, endMs: number): NewOrderInit {
  const { specials } = order;
  const plain = {
    orderId: order.orderId,
    accountId: order.accountId,
    symbol: order.symbol,
    side: toSide[order.side],
    type: order.type === 'market' ? OrderType.LIMIT : toOrderType[order.type],
    timeInForce: toTimeInForce[order.timeInForce],
    priceTicks: order.priceTicks,
    quantityLots: order.quantityLots,
    postOnly: order.postOnly,
    selfTradePrevention: SelfTradePrevention.CANCEL_NEWEST,
    expireTimeMs: isImmediate(order) ? BigInt(endMs) : 0n,
    // The band may have moved since the order was priced: what lies inside it is taken all the same.
    withinBand: order.type === 'market',
  };
  if (specials === undefined) return plain;
  return { ...plain, ...specialFields(order.accountId, specials), valueMax: valueMaxOf(order) };
}

/** A list as the exchange takes it: its exits are for the lots of their entry. */
export function toOrderList(legs: ListLegs, untilMs: number): MessageInitShape<typeof OrderListSchema> {
  const [{ leg }] = legs;
  const quantityLots = orderedLots(legs);
  return {
    listId: leg.listId,
    type: toListType[leg.type],
    orders: legs.map((order) => ({ ...toNewOrder(order, untilMs), quantityLots })),
  };
}

function specialFields(accountId: string, specials: SpecialTerms): NewOrderInit {
  const { selfTrade, expireTimeMs, stopTicks, sessionId, amountMicros: _, ...others } = specials;
  return {
    ...others,
    stopPriceTicks: stopTicks,
    ...(sessionId !== undefined && { sessionId: exchangeSessionId(accountId, sessionId) }),
    ...(selfTrade !== undefined && { selfTradePrevention: toSelfTrade[selfTrade] }),
    ...(expireTimeMs !== undefined && { expireTimeMs: BigInt(expireTimeMs) }),
  };
}
