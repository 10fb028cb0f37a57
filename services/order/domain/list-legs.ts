/** The orders of one list, together. */
import { isImmediate, type Order } from './order.ts';
import { isEntry, type ListLeg } from './order-list.ts';
import { isPending } from './order-state.ts';

/** An order of a list. */
export type LegOrder = Order & { leg: ListLeg };

/** All orders of a list, in their order. */
export type ListLegs = readonly [LegOrder, ...LegOrder[]];

/** The orders as a list. Throws TypeError for orders that are none: a fault of the program. */
export function toListLegs(orders: readonly Order[]): ListLegs {
  const legs = orders.filter((order): order is LegOrder => order.leg !== undefined);
  const [first, ...others] = legs;
  if (first === undefined || legs.length < orders.length) throw new TypeError('the orders are not those of a list');
  return [first, ...others];
}

/** Lots that each order of a list is for. Those of an exit that waits for its entry are those of the entry. */
export function orderedLots([first]: ListLegs): bigint {
  return first.quantityLots;
}

/** Whether the list is for the market of its own moment, as its entry is: submitting it late would harm its owner. */
export function isListImmediate([first]: ListLegs): boolean {
  return isEntry(first.leg) && isImmediate(first);
}

/** Whether the outcome of some order of the list is not known yet. */
export function isListPending(legs: ListLegs): boolean {
  return legs.some(isPending);
}

/** Whether the exchange has never had the order, by what is stored: it was rejected by this service, or is being withdrawn. */
export function wasNeverAccepted({ state, acceptedPosition }: Order): boolean {
  return acceptedPosition === undefined && (state === 'rejected' || state === 'compensating');
}
