import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { OutboxEvent } from '#platform/bus/outbox.ts';
import { inEntryTrace } from '#platform/feed/entry-traces.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { type ChangeSet, putOrder } from '../domain/change-set.ts';
import type { EndedReplace } from '../domain/end-replace.ts';
import { awaitsEntry, isResting, isWaiting, type Order } from '../domain/order.ts';
import { isFinal, type OrderState } from '../domain/order-state.ts';
import { applyFeedChange, type FeedChange } from '../domain/transitions.ts';
import { endedEvents, filledEvents, openedEvents } from '../events/published.ts';
import { loadForChange, saveChangeSet } from '../store/change-orders.ts';
import { positionNotice } from '../store/notices.ts';
import { saveEndedReplaces } from '../store/replaces/save-ended.ts';
import { changesOf } from './feed-changes.ts';
import { refuseSplits } from './refuse-splits.ts';

/** Consecutive events of a shard's feed, and the position that they lead to. */
export type EventGroup = { shard: number; events: readonly FeedEvent[]; position: bigint };

/** A change of the feed that does not fit the order, or whose order is not known here. */
export type UnexpectedEvent = {
  kind: 'unknown-order' | 'unexpected-change';
  change: FeedChange;
  state?: OrderState;
};

/** What is left to do after the commit. */
export type AppliedEvents = {
  /** Open orders whose cancel was requested before they were open. */
  toCancel: Order[];
  unexpected: UnexpectedEvent[];
  /** The final states of orders that have ended. */
  ended: OrderState[];
};

/**
 * Applies events to their orders in the transaction that moves the feed's position: orders, fills, the accounts' sequences and counters,
 * and events for the bus. Throws SplitError.
 */
export async function applyEvents(tx: Sql, { shard, events, position }: EventGroup): Promise<AppliedEvents> {
  await refuseSplits(tx, events);
  const changes = events.flatMap(changesOf);
  const set = await loadForChange(tx, changes);
  const { published, unexpected, ended, endedReplaces } = applyChanges(set, changes);
  await saveEndedReplaces(tx, endedReplaces);
  await saveChangeSet(tx, set, { notices: [positionNotice(shard, position)], events: published, fromFeed: true });
  const toCancel = [...set.orders.values()].filter(
    ({ orderId, state, cancelRequested }) => set.changedOrderIds.has(orderId) && state === 'open' && cancelRequested,
  );
  return { toCancel, unexpected, ended };
}

function applyChanges(set: ChangeSet, changes: FeedChange[]) {
  const opened = new Map<string, Order>();
  const published: OutboxEvent[] = [];
  const unexpected: UnexpectedEvent[] = [];
  const ended: OrderState[] = [];
  const endedReplaces: EndedReplace[] = [];
  for (const change of changes) {
    const order = set.orders.get(change.orderId);
    if (order === undefined) {
      unexpected.push({ kind: 'unknown-order', change });
      continue;
    }
    const transition = applyFeedChange(order, change);
    const { order: after, visible, unexpected: isUnexpected, fill, event, endedReplace } = transition;
    if (endedReplace !== undefined) endedReplaces.push(endedReplace);
    if (isUnexpected) unexpected.push({ kind: 'unexpected-change', change, state: order.state });
    if (after === order) continue;
    if (isFinal(after)) ended.push(after.state);
    const stored = putOrder(set, after, { timeMs: change.timeMs, visible, fill });
    // What the house does is no news for anyone.
    if (stored.house) continue;
    if (event === 'opened' || event === 'entered') opened.set(stored.orderId, stored);
    else published.push(...inEntryTrace(change.sequence, () => eventsOf(set, stored, event)));
  }
  // An order that was filled or cancelled as it came has never rested in the book. One that rests or waits is published as it was when it came
  // there, which is before its fills.
  const staying = [...opened.values()].filter(({ orderId }) => stays(set.orders.get(orderId)));
  return { published: [...staying.flatMap(openedEvents), ...published], unexpected, ended, endedReplaces };
}

function stays(order: Order | undefined): boolean {
  // An exit is no news before it has something to sell or to buy.
  return order !== undefined && !awaitsEntry(order) && (isResting(order) || isWaiting(order));
}

function eventsOf(set: ChangeSet, order: Order, event: 'filled' | 'ended' | undefined): OutboxEvent[] {
  if (event === 'ended') return endedEvents(order);
  const fill = event === 'filled' ? set.fills.at(-1) : undefined;
  return fill === undefined ? [] : filledEvents(order, fill);
}
