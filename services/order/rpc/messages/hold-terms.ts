import type { Order } from '../../domain/order.ts';
import { toSide } from './enums.ts';

/** The terms of an order's hold, as the ledger takes it and as the audit compares it. */
export function toHoldTerms(order: Order) {
  return {
    orderId: order.orderId,
    accountId: order.accountId,
    symbol: order.symbol,
    side: toSide[order.side],
    quantityLots: order.quantityLots,
    priceTicks: order.priceTicks,
    tickLotMicros: order.tickLotMicros,
    lotMicros: order.lotMicros,
    makerBps: order.makerBps,
    takerBps: order.takerBps,
    amountMicros: order.specials?.amountMicros ?? 0n,
  };
}
