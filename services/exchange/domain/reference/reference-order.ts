import type { CancelReason, SelfTrade, Side, TimeInForce } from '../codes.ts';
import type { EngineEvent } from '../events.ts';
import type { ReferenceBook } from './reference-book.ts';

/** An order of the oracle, live or remembered. `submitted` is its body, empty when it was voided before it came. */
export type ReferenceOrder = {
  orderId: string;
  accountId: string;
  symbol: string;
  side: Side;
  timeInForce: TimeInForce;
  priceTicks: number;
  quantityLots: number;
  remainingLots: number;
  postOnly: boolean;
  selfTradeGroup: string;
  selfTrade: SelfTrade;
  revision: number;
  status: 'live' | 'filled' | 'cancelled' | 'rejected' | 'voided';
  finalTimeMs: number;
  submitted: string;
  reason: number;
};

/** One price level as the public sees it. */
export type ReferenceLevel = { side: Side; priceTicks: number; quantityLots: number; orderCount: number };

/** Ends an order with open lots. */
export function cancelReference(
  state: { nowMs: number; books: ReferenceBook[]; events: EngineEvent[] },
  order: ReferenceOrder,
  reason: CancelReason,
  commandId: string,
): void {
  const { symbol, orderId, accountId, remainingLots } = order;
  state.books.find(({ listing }) => listing.symbol === symbol)?.remove(order);
  order.status = 'cancelled';
  order.finalTimeMs = state.nowMs;
  state.events.push({ kind: 'cancelled', symbol, orderId, accountId, reason, remainingLots, commandId });
}

/** The public levels of a book by side and price. */
export function referenceLevels(book: ReferenceBook): Map<string, ReferenceLevel> {
  const levels = new Map<string, ReferenceLevel>();
  for (const { side, priceTicks, remainingLots } of [...book.bids, ...book.asks]) {
    const key = `${side} ${priceTicks}`;
    const level = levels.get(key) ?? { side, priceTicks, quantityLots: 0, orderCount: 0 };
    level.quantityLots += remainingLots;
    level.orderCount++;
    levels.set(key, level);
  }
  return levels;
}
