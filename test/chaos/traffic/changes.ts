/** Changes of open orders: quantity, prices, trail or expiry, as the type of the order permits. */
import type { SeenOrder } from './operations.ts';
import { beyond, decimal, midCents, priceBehind, type Side, type TermsJson, type TermsSource } from './terms.ts';

const ticksMax = 50;
const lotsMax = 18;
const laterMs = { min: 1_000, range: 14_000 };

/** The changed fields of a ReplaceOrder; one in four names the revision that the user has seen. */
export function changesOf(source: TermsSource, order: SeenOrder): TermsJson {
  const { random } = source;
  const names = namesOf(order);
  const first = names[random.below(names.length)] ?? 'limitPrice';
  const second = random.below(3) === 0 ? names[random.below(names.length)] : undefined;
  const side: Side = { symbol: order.symbol ?? '', isBuy: order.side === 'SIDE_BUY' };
  const changes = Object.fromEntries([first, ...(second ? [second] : [])].map((name) => [name, newValue(name)]));
  // Both together are refused.
  if (changes.trailPercent !== undefined) delete changes.trailAmount;
  const isStated = order.revision !== undefined && random.below(4) === 0;
  return isStated ? { ...changes, expectedRevision: order.revision } : changes;

  function newValue(name: string): string {
    switch (name) {
      case 'quantity':
        return String(1 + random.below(lotsMax));
      case 'stopPrice':
        return decimal(beyond(side, midCents, 1 + random.below(ticksMax)));
      case 'trailAmount':
      case 'trailPercent':
        return decimal(5 + random.below(ticksMax));
      case 'expireTime':
        return new Date(source.nowMs() + laterMs.min + random.below(laterMs.range)).toISOString();
      default:
        // Of a stop the worst price, which lies beyond its stop price; of all others one in three trades at once.
        if (/_(STOP|TRAILING_STOP)$/.test(order.type ?? '')) return decimal(beyond(side, midCents, 4 * ticksMax));
        return decimal(random.below(3) === 0 ? beyond(side, midCents, ticksMax) : priceBehind(random, side, ticksMax));
    }
  }
}

/** What may be changed; the quantity of an exit follows the other orders of its list. */
function namesOf({ type = '', timeInForce, listId, listType, listIndex = 0 }: SeenOrder): string[] {
  const isExit = listId !== undefined && (listType === 'LIST_TYPE_OCO' || listIndex > 0);
  const byType: Readonly<Record<string, string[]>> = {
    ORDER_TYPE_STOP: ['stopPrice', 'limitPrice'],
    ORDER_TYPE_STOP_LIMIT: ['stopPrice', 'limitPrice'],
    ORDER_TYPE_TRAILING_STOP: ['trailAmount', 'trailPercent'],
  };
  return [
    ...(byType[type] ?? ['limitPrice']),
    ...(isExit ? [] : ['quantity', 'quantity']),
    ...(timeInForce === 'TIME_IN_FORCE_GTD' ? ['expireTime'] : []),
  ];
}
