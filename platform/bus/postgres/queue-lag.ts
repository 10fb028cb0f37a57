/** How far the queues that a process holds are behind the log. */
import type { Metrics } from '#platform/telemetry/metrics.ts';

/** Notes how far a queue is behind, until its process gives it up. */
export type QueueLag = { set(events: bigint): void; ended(): void };

/** The name of the gauge, for those who show it elsewhere. */
export const queueLagGauge = 'outcry_bus_queue_behind_events';

/** Measures a queue as of the last look at the log. */
export function createQueueLag(metrics: Metrics | undefined, queue: string): QueueLag {
  const gauge = metrics?.gauge({
    name: queueLagGauge,
    help: 'Events of the log that a queue of this process has not passed, those that are for other queues among them.',
    labels: ['queue'],
  });
  return {
    set: (events) => gauge?.set({ queue }, Number(events)),
    ended: () => gauge?.remove({ queue }),
  };
}
