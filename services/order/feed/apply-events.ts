import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { enqueueEvents, type OutboxEvent } from '#platform/bus/outbox.ts';
import { advancePosition } from '#platform/feed/position.ts';
import { fenceLease } from '#platform/postgres/lease.ts';
import type { Saga } from '../deps.ts';
import { type ChangeSet, putOrder } from '../domain/change-set.ts';
import type { Order } from '../domain/order.ts';
import { applyFeedChange, type FeedChange } from '../domain/transitions.ts';
import { endedEvents, filledEvents, openedEvents } from '../events/published.ts';
import { loadForChange, saveChangeSet } from '../store/change-orders.ts';
import { positionName } from '../store/change-watch.ts';
import { positionNotice } from '../store/notices.ts';
import { changesOf } from './feed-changes.ts';

/** Who applies: the holder of the shard's lease, by its token. */
export type FeedHolder = { shard: number; leaseName: string; leaseToken: bigint };

/** Something the feed said that does not fit what is known here. */
type Surprise = { kind: 'unknown-order' | 'unexpected-change'; change: FeedChange; state?: string };

/**
 * Applies a run of events in one transaction: orders, fills, the accounts' sequences, events for the bus, and the position.
 * Only the newest lease holder commits, and only from the position that was read. Returns the orders that were opened and
 * whose owner wants them cancelled.
 */
export async function applyFeed(saga: Saga, holder: FeedHolder, from: bigint, events: FeedEvent[]): Promise<Order[]> {
  const to = checkContiguous(from, events);
  const changes = events.flatMap(changesOf);
  const { set, surprises } = await saga.db.transaction(async (tx) => {
    await fenceLease(tx, holder.leaseName, holder.leaseToken);
    await advancePosition(tx, positionName(holder.shard), from, to);
    const loaded = await loadForChange(tx, changes);
    const applied = applyChanges(loaded, changes);
    await enqueueEvents(tx, applied.told);
    await saveChangeSet(tx, loaded, [positionNotice(holder.shard, to)]);
    return { set: loaded, surprises: applied.surprises };
  });
  for (const surprise of surprises) report(saga, surprise);
  return [...set.changedOrderIds]
    .map((orderId) => set.orders.get(orderId) as Order)
    .filter(({ state, cancelRequested }) => state === 'open' && cancelRequested);
}

/** Applies changes in feed order and gathers what the bus is told and what did not fit. */
export function applyChanges(set: ChangeSet, changes: FeedChange[]): { told: OutboxEvent[]; surprises: Surprise[] } {
  const told: OutboxEvent[] = [];
  const surprises: Surprise[] = [];
  const nowMs = Date.now();
  for (const change of changes) {
    const order = set.orders.get(change.orderId);
    if (order === undefined) {
      surprises.push({ kind: 'unknown-order', change });
      continue;
    }
    const { order: after, visible, unexpected, fill, event } = applyFeedChange(order, change);
    if (unexpected) surprises.push({ kind: 'unexpected-change', change, state: order.state });
    if (after === order) continue;
    const kept = putOrder(set, after, { nowMs, visible, fill });
    if (event === 'opened') told.push(...openedEvents(kept));
    else if (event === 'ended') told.push(...endedEvents(kept));
    else if (event === 'filled') {
      const placed = set.fills.at(-1);
      if (placed !== undefined) told.push(...filledEvents(kept, placed));
    }
  }
  return { told, surprises };
}

function checkContiguous(from: bigint, events: FeedEvent[]): bigint {
  let position = from;
  for (const { sequence } of events) {
    if (sequence !== position + 1n) throw new Error(`the feed has a gap: ${sequence} came after ${position}`);
    position = sequence;
  }
  return position;
}

function report(saga: Saga, { kind, change, state }: Surprise): void {
  saga.metrics.feedSurprise(kind);
  const { orderId, sequence } = change;
  saga.logger.error({ orderId, sequence: String(sequence), change: change.kind, state }, `exchange feed: ${kind}`);
}
