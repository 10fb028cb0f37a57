import { exitsCostMicros, type PricedLeg } from '#platform/money/exits-cost.ts';
import { holdMicros } from './fees.ts';
import { type ListLegs, orderedLots } from './list-legs.ts';
import { type Order, valueMicros } from './order.ts';
import { followsEntry, isEntry } from './order-list.ts';

/** What a new list holds: cash in micros, fees included, and lots of shares. */
export function listHold(legs: ListLegs): { cashMicros: bigint; lots: bigint } {
  const [first] = legs;
  const lots = orderedLots(legs);
  const entry = isEntry(first.leg) ? first : undefined;
  const exits = legs.filter((leg) => leg !== entry);
  const sells = (exits[0] ?? first).side === 'sell';
  if (entry === undefined) return sells ? { cashMicros: 0n, lots } : { cashMicros: costOf(undefined, exits), lots: 0n };
  // What the entry sells pays for what the exits buy back; what the exits sell is bought by the entry.
  if (!sells) return { cashMicros: costOf(entry, exits), lots };
  return { cashMicros: holdMicros(entry, 'buy', valueMicros(entry, lots, entry.priceTicks)), lots: 0n };
}

function costOf(entry: Order | undefined, exits: readonly Order[]): bigint {
  return exitsCostMicros(entry && toPricedLeg(entry), exits.map(toPricedLeg));
}

function toPricedLeg(order: Order): PricedLeg {
  return { ...order, openLots: order.leg && followsEntry(order.leg) ? 0n : order.quantityLots };
}
