import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type FillSchema, OrderCancelReason, type OrderSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { formatDecimal } from '#platform/money/decimal.ts';
import type { StoredFill } from '../../domain/fill.ts';
import {
  averagePriceText,
  cashText,
  isWaiting,
  type Order,
  priceText,
  sharesText,
  statusOf,
} from '../../domain/order.ts';
import { isFinal } from '../../domain/order-state.ts';
import type { SpecialTerms } from '../../domain/special-terms.ts';
import { toCancelReason, toListType, toOrderType, toSelfTrade, toSide, toStatus, toTimeInForce } from './enums.ts';
import { toReason } from './reasons.ts';

type OrderInit = MessageInitShape<typeof OrderSchema>;

/** Basis points as percent with 2 places. */
const percentScale = 2;

/** An order, from domain to proto. */
export function toOrder(order: Order): OrderInit {
  const { refusal, specials, triggerTimeMs, leg } = order;
  return {
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    accountId: order.accountId,
    symbol: order.symbol,
    side: toSide[order.side],
    type: toOrderType[order.type],
    timeInForce: toTimeInForce[order.timeInForce],
    quantity: sharesText(order, order.quantityLots),
    limitPrice: priceText(order, order.priceTicks),
    postOnly: order.postOnly,
    status: toStatus[statusOf(order)],
    filledQuantity: sharesText(order, order.filledLots),
    averageFillPrice: averagePriceText(order),
    fees: cashText(order.feeMicros),
    refusal: refusal && { reason: toReason(refusal.reason), metadata: refusal.metadata },
    version: BigInt(order.version),
    changeSequence: order.changeSequence,
    createTime: timestampFromMs(order.createTimeMs),
    updateTime: timestampFromMs(order.updateTimeMs),
    cancelRequested: order.cancelRequested && !isFinal(order),
    cancelReason: order.cancelReason && toCancelReason[order.cancelReason],
    selfTradePrevention: toSelfTrade[specials?.selfTrade ?? 'cancel-newest'],
    revision: order.revision,
    triggerTime: triggerTimeMs === undefined ? undefined : timestampFromMs(triggerTimeMs),
    waiting: isWaiting(order),
    ...(specials && specialFields(order, specials)),
    ...(leg && { listId: leg.listId, listType: toListType[leg.type], listIndex: leg.index }),
  };
}

function specialFields(order: Order, specials: SpecialTerms) {
  const { stopTicks = 0n, trailTicks = 0n, trailBps, displayLots, minimumLots, slide, expireTimeMs } = specials;
  const { amountMicros } = specials;
  return {
    stopPrice: priceText(order, stopTicks),
    trailAmount: priceText(order, trailTicks),
    trailPercent: trailBps === undefined ? '' : formatDecimal(BigInt(trailBps), percentScale),
    displayQuantity: displayLots === undefined ? '' : sharesText(order, displayLots),
    minimumQuantity: minimumLots === undefined ? '' : sharesText(order, minimumLots),
    slide,
    sessionId: specials.sessionId,
    amount: amountMicros === undefined ? '' : cashText(amountMicros),
    expireTime: expireTimeMs === undefined ? undefined : timestampFromMs(expireTimeMs),
  };
}

/**
 * An order as PlaceOrder answers it, from domain to proto: without the fields that are only known once the feed is applied, so that a repeat
 * is answered like the first call.
 */
export function toPlacedOrder(order: Order): OrderInit {
  return { ...toOrder(order), version: 0n, changeSequence: 0n, cancelReason: OrderCancelReason.UNSPECIFIED };
}

/** A fill, from domain to proto. */
export function toFill(fill: StoredFill): MessageInitShape<typeof FillSchema> {
  return {
    tradeId: fill.tradeId,
    orderId: fill.orderId,
    symbol: fill.symbol,
    side: toSide[fill.side],
    quantity: sharesText(fill, fill.lots),
    price: priceText(fill, fill.priceTicks),
    fee: cashText(fill.feeMicros),
    maker: fill.maker,
    time: timestampFromMs(fill.tradeTimeMs),
    changeSequence: fill.changeSequence,
  };
}
