import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { RunEnd } from '../domain/run.ts';

/** Counts runs that were carried out. */
export type RunCounter = (end: RunEnd) => void;

/** A counter of runs by how they ended. */
export function createRunCounter(metrics: Metrics): RunCounter {
  const ended = metrics.counter({
    name: 'outcry_auto_runs_total',
    help: 'Runs that were carried out, by how they ended.',
    labels: ['outcome', 'reason'],
  });
  return (end) => ended.inc({ outcome: end.outcome, reason: end.outcome === 'refused' ? end.reason : '' });
}
