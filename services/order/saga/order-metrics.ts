import type { Metrics } from '#platform/telemetry/metrics.ts';
import { shareRead } from '#platform/telemetry/share-read.ts';
import type { PendingOrders } from '../store/read-pending-age.ts';

/** Counters of orders: the business signals that a canary is judged by. */
export type OrderMetrics = {
  placed(outcome: 'placed' | 'refused' | 'repeated', reason?: string): void;
  /** Its order had traded, wholly or in part, when it was answered. */
  filledAtOnce(): void;
  /** The feed has ended an order in a final state. */
  ended(state: string): void;
  replaced(outcome: 'replaced' | 'refused' | 'repeated', reason?: string): void;
  swept(action: 'resumed' | 'compensated' | 'cancelled' | 'replaced'): void;
  unexpectedEvent(kind: 'unknown-order' | 'unexpected-change'): void;
};

/** Measures the orders that have no outcome yet, when they are asked for. */
export function measurePending(metrics: Metrics, read: () => Promise<PendingOrders>): void {
  const unknown = { count: Number.NaN, oldestAgeSeconds: Number.NaN };
  const readOnce = shareRead(() => read().catch(() => unknown));
  metrics.gauge({
    name: 'outcry_orders_pending_oldest_age_seconds',
    help: 'Age of the oldest order without an outcome; 0: there is none.',
    collect: async (gauge) => gauge.set((await readOnce()).oldestAgeSeconds),
  });
  metrics.gauge({
    name: 'outcry_orders_pending',
    help: 'Orders without an outcome, up to 10,000.',
    collect: async (gauge) => gauge.set((await readOnce()).count),
  });
}

/** Registers the counters. */
export function createOrderMetrics(metrics: Metrics): OrderMetrics {
  const placed = metrics.counter({
    name: 'outcry_orders_placed_total',
    help: 'Orders by the outcome of their placement; reason is that of a refusal.',
    labels: ['outcome', 'reason'],
  });
  const filled = metrics.counter({
    name: 'outcry_orders_filled_at_once_total',
    help: 'Orders that had traded, wholly or in part, when they were answered.',
  });
  const ended = metrics.counter({
    name: 'outcry_orders_ended_total',
    help: 'Orders that the feed of the exchange has ended, by their final state: what was filled is their fill rate.',
    labels: ['state'],
  });
  const replaced = metrics.counter({
    name: 'outcry_orders_replaced_total',
    help: 'Changes of orders by their outcome; reason is that of a refusal.',
    labels: ['outcome', 'reason'],
  });
  const swept = metrics.counter({
    name: 'outcry_orders_swept_total',
    help: 'Orders that the sweeper finished for their executors.',
    labels: ['action'],
  });
  const unexpected = metrics.counter({
    name: 'outcry_orders_feed_surprises_total',
    help: 'Events of the exchange that do not fit the state of their order. Not 0: something is wrong.',
    labels: ['kind'],
  });
  // An alert on growth does not see the growth with which a series begins.
  for (const kind of ['unknown-order', 'unexpected-change']) unexpected.inc({ kind }, 0);
  return {
    placed: (outcome, reason = '') => placed.inc({ outcome, reason }),
    filledAtOnce: () => filled.inc(),
    ended: (state) => ended.inc({ state }),
    replaced: (outcome, reason = '') => replaced.inc({ outcome, reason }),
    swept: (action) => swept.inc({ action }),
    unexpectedEvent: (kind) => unexpected.inc({ kind }),
  };
}
