/** Own open orders of the selected symbol by price, for the ladder. */
import { computed } from '@preact/signals';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { parseMicros } from '../../figures/decimal.ts';
import { openOrders } from '../../store/own-orders.ts';
import { selectedSymbol } from '../../store/selection.ts';
import type { OwnLevels } from './ladder.ts';

/** What is left of own orders that rest in the book, by price. */
export const ownLevels = computed<OwnLevels>(() => {
  const levels = { bids: new Map<bigint, bigint>(), asks: new Map<bigint, bigint>() };
  for (const order of openOrders.value) {
    if (order.symbol !== selectedSymbol.value || order.waiting || order.type === OrderType.MARKET) continue;
    const side = order.side === Side.SELL ? levels.asks : levels.bids;
    const price = parseMicros(order.limitPrice) ?? 0n;
    const left = (parseMicros(order.quantity) ?? 0n) - (parseMicros(order.filledQuantity) ?? 0n);
    side.set(price, (side.get(price) ?? 0n) + left);
  }
  return levels;
});
