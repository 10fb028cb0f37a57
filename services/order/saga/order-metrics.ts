import type { Metrics } from '#platform/telemetry/metrics.ts';

/** What is counted of the orders' lives: the business signals that a canary is judged by. */
export type SagaMetrics = {
  placed(outcome: 'placed' | 'refused' | 'repeated', reason?: string): void;
  swept(action: 'resumed' | 'compensated' | 'cancelled'): void;
  feedSurprise(kind: 'unknown-order' | 'unexpected-change'): void;
};

/** Registers the counters. */
export function createSagaMetrics(metrics: Metrics): SagaMetrics {
  const placed = metrics.counter({
    name: 'outcry_orders_placed_total',
    help: 'Orders by what became of their intent; reason is that of a refusal.',
    labels: ['outcome', 'reason'],
  });
  const swept = metrics.counter({
    name: 'outcry_orders_swept_total',
    help: 'Orders that the sweeper finished for their executors.',
    labels: ['action'],
  });
  const surprises = metrics.counter({
    name: 'outcry_orders_feed_surprises_total',
    help: 'Events of the exchange that did not fit what was known of their order. Not 0: something is wrong.',
    labels: ['kind'],
  });
  return {
    placed: (outcome, reason = '') => placed.inc({ outcome, reason }),
    swept: (action) => swept.inc({ action }),
    feedSurprise: (kind) => surprises.inc({ kind }),
  };
}
