import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type FillSchema, OrderCancelReason, type OrderSchema } from '#gen/outcry/order/v1/order_pb.ts';
import type { StoredFill } from '../../domain/fill.ts';
import { averagePriceText, cashText, type Order, priceText, sharesText, statusOf } from '../../domain/order.ts';
import { isFinal } from '../../domain/order-state.ts';
import { toCancelReason, toOrderType, toSide, toStatus, toTimeInForce } from './enums.ts';
import { toReason } from './reasons.ts';

/** An order, from domain to proto. */
export function toOrder(order: Order): MessageInitShape<typeof OrderSchema> {
  const { refusal } = order;
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
  };
}

/**
 * An order as PlaceOrder answers it, from domain to proto: without the fields that are only known once the feed is applied, so that a repeat
 * is answered like the first call.
 */
export function toPlacedOrder(order: Order): MessageInitShape<typeof OrderSchema> {
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
