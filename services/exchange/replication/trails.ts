/** From which prices trailing stops trail, read from the engine between two groups. */
import { notTrailing, stopOffset, trailPreviousOffset, watermarkOffset } from '../engine/matching/extra-table.ts';
import { extraOffset } from '../engine/matching/order-table.ts';
import { none } from '../engine/model/codes.ts';
import { parseUuid } from '../engine/model/uuid.ts';
import type { EngineState } from '../engine/state/engine-state.ts';

/** A trailing stop that waits: the best price since it was accepted, and its stop price, both in ticks. */
export type Trail = { orderId: string; referenceTicks: number; stopTicks: number };

/** Trails, and the sequence of the state that they were read from. */
export type Trails = { sequence: number; trails: Trail[] };

/** Reads those of the orders that trail, in the order given; some 500 ns each. */
export function readTrails({ sequence, records, matching }: EngineState, orderIds: readonly string[]): Trails {
  const { orders, extras } = matching.state;
  const uuid = new Uint32Array(4);
  const trails = orderIds.flatMap((orderId) => {
    const key = parseUuid(orderId, uuid) ? records.index.find(uuid) : none;
    const slot = key === none ? none : orders.find(key);
    const extra = slot === none ? none : (orders.words[slot + extraOffset] ?? none);
    if (extra === none || extras.words[extra + trailPreviousOffset] === notTrailing) return [];
    const [referenceTicks = 0, stopTicks = 0] = [watermarkOffset, stopOffset].map((at) => extras.words[extra + at]);
    return [{ orderId, referenceTicks, stopTicks }];
  });
  return { sequence, trails };
}
