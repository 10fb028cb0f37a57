/** What the events of the exchange say about the orders of a list, by rules R27 to R29 of its rulebook. */
import { lesser } from '#platform/money/extremes.ts';

/** The place of an order in its list: 0 the entry, 1 and 2 the exits, as the ledger stores it. */
export type ListPlace = { listId: string; role: number };

/** An order of a list. */
export type ShadowLeg = ListPlace & {
  /** Of an exit: lots of its entry's trades by which the feed is about to increase it. */
  comingLots: bigint;
  /** Of an exit: lots of the other exit's trades by which the feed is about to reduce it. */
  reducedLots: bigint;
};

type WithLeg = { lots: bigint; filledLots: bigint; leg?: ShadowLeg };

/** The legs of a list after a trade of one of them, but for that one; those that do not change are left out. */
export function followTrade<O extends WithLeg>(traded: { leg: ShadowLeg }, lots: bigint, others: readonly O[]): O[] {
  return others.flatMap((order) => {
    const { leg } = order;
    if (leg === undefined || leg.role === 0) return [];
    if (traded.leg.role === 0) return [{ ...order, leg: { ...leg, comingLots: leg.comingLots + lots } }];
    const openLots = order.lots - order.filledLots - leg.reducedLots;
    const reducedLots = leg.reducedLots + lesser(lots, openLots);
    return [{ ...order, leg: { ...leg, reducedLots } }];
  });
}

/** The leg once the feed has changed its lots: of what was about to come to an exit or to go, that much has. Those of an entry are its own. */
export function followReplaced(leg: ShadowLeg, addedLots: bigint): ShadowLeg {
  if (leg.role === 0) return leg;
  if (addedLots > 0n) return { ...leg, comingLots: leg.comingLots - addedLots };
  const goneLots = lesser(-addedLots, leg.reducedLots);
  return { ...leg, reducedLots: leg.reducedLots - goneLots };
}
