import type { Order } from '../../domain/order.ts';
import { toSide } from './enums.ts';

/** What the ledger needs to know of an order to hold for it, and to compare the hold with at the audit. */
export function toHoldTerms(order: Order) {
  return {
    orderId: order.orderId,
    accountId: order.accountId,
    symbol: order.symbol,
    side: toSide[order.side],
    quantityLots: order.quantityLots,
    priceTicks: order.priceTicks,
    tickLotCents: order.tickLotCents,
    lotMicros: order.lotMicros,
    makerBps: order.makerBps,
    takerBps: order.takerBps,
  };
}
