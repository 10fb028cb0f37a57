/** Lists: orders that depend on each other. The exchange's rulebook has their rules (R27 to R30). */
import { greatestOf } from '#platform/money/extremes.ts';

/** How the orders of a list depend on each other. */
export type ListType = 'oco' | 'oto' | 'bracket';

/** A list as it is stored; its orders are rows of their own. */
export type OrderList = {
  /** UUIDv7. */
  listId: string;
  accountId: string;
  clientListId: string;
  type: ListType;
  /** The normalised terms and keys of its orders; the same key with another fingerprint is refused. */
  fingerprint: string;
  createTimeMs: number;
};

/** The place of an order in its list. */
export type ListLeg = {
  listId: string;
  type: ListType;
  /** From 0; an entry is the first. */
  index: number;
  /**
   * By which its open lots count for its account's open notional, in ticks; frozen when it is placed. A list counts its largest exposure: its entry
   * by the greatest price of all legs, of the exits the one with the greater price, by that, and the other one not at all.
   */
  exposureTicks: bigint;
};

/** How many orders a list of each type has. */
export const legCounts: Readonly<Record<ListType, number>> = { oco: 2, oto: 2, bracket: 3 };

/** Whether the order at a place is the entry of its list. */
export function isEntry({ type, index }: Pick<ListLeg, 'type' | 'index'>): boolean {
  return type !== 'oco' && index === 0;
}

/** Whether the order at a place is an exit that has no lots before its entry trades. */
export function followsEntry({ type, index }: Pick<ListLeg, 'type' | 'index'>): boolean {
  return type !== 'oco' && index > 0;
}

/** The ticks by which each leg counts for the open notional, by the worst prices of the legs. */
export function exposureTicksOf(type: ListType, priceTicks: readonly bigint[]): bigint[] {
  const greatest = greatestOf(priceTicks);
  const places = priceTicks.map((_, index) => index);
  const exits = places.filter((index) => !isEntry({ type, index }));
  const counted = exits.reduce(
    (best, index) => ((priceTicks[index] ?? 0n) > (priceTicks[best] ?? 0n) ? index : best),
    exits[0] ?? 0,
  );
  return places.map((index) => {
    if (isEntry({ type, index })) return greatest;
    return index === counted ? (priceTicks[index] ?? 0n) : 0n;
  });
}
