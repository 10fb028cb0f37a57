/** What a change of an order means for the list that it belongs to: the quantity of an exit follows the other orders, and a list counts as a whole. */
import { greatestOf } from '#platform/money/extremes.ts';
import type { LegOrder } from './list-legs.ts';
import type { NewTerms } from './new-terms.ts';
import type { Order } from './order.ts';
import { exposureTicksOf, isEntry } from './order-list.ts';
import { isFinal } from './order-state.ts';

/** An order that a change concerns, as it is and as it becomes. */
export type Changed = { before: Order; after: Order };

/** Whether the order is an exit of a list. */
export function isExit({ leg }: Pick<Order, 'leg'>): boolean {
  return leg !== undefined && !isEntry(leg);
}

/** The quantity and the price by which an order counts after a change, with the orders of its list as it can lead to them. */
export function countedTerms(
  order: Order,
  { quantityLots, priceTicks }: NewTerms,
  legs: readonly LegOrder[],
): Pick<NewTerms, 'quantityLots' | 'priceTicks'> {
  const others = legs.filter((leg) => leg.orderId !== order.orderId && !isFinal(leg));
  if (!isExit(order)) return { quantityLots, priceTicks: greatestOf([priceTicks, ...others.map(worstPriceOf)]) };
  const entry = liveEntryOf(order, legs);
  return { quantityLots: greatestOf([quantityLots, entry ? greatestLotsOf(entry) : 0n]), priceTicks };
}

/** The entry whose trades increase an exit, while it lives; undefined for all other orders. */
export function liveEntryOf(order: Order, legs: readonly LegOrder[]): LegOrder | undefined {
  return isExit(order) ? legs.find((leg) => isEntry(leg.leg) && !isFinal(leg)) : undefined;
}

/** The order with a change on its way, and the others of its list that count differently by it. */
export function withChange(order: Order, terms: NewTerms, legs: readonly LegOrder[]): Changed[] {
  const pending = { before: order, after: { ...order, pendingReplace: terms } };
  if (order.leg === undefined) return [pending];
  const prices = legs.map((leg) => {
    if (isFinal(leg)) return 0n;
    return leg.orderId === order.orderId ? greatestOf([worstPriceOf(leg), terms.priceTicks]) : worstPriceOf(leg);
  });
  const ticks = exposureTicksOf(order.leg.type, prices);
  return legs.flatMap((before, index) => {
    const leg = { ...before.leg, exposureTicks: ticks[index] ?? 0n };
    if (before.orderId === order.orderId) return { before, after: { ...pending.after, leg } };
    const isSame = isFinal(before) || leg.exposureTicks === before.leg.exposureTicks;
    return isSame ? [] : { before, after: { ...before, leg } };
  });
}

function worstPriceOf({ priceTicks, pendingReplace }: Order): bigint {
  return greatestOf([priceTicks, pendingReplace?.priceTicks ?? 0n]);
}

function greatestLotsOf({ quantityLots, pendingReplace }: Order): bigint {
  return greatestOf([quantityLots, pendingReplace?.quantityLots ?? 0n]);
}
