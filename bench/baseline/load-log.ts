import { distributionOf } from '../load/distribution.ts';
import type { Report } from '../report/report.ts';

/** Outcomes of the commands of one phase. */
export type LoadLog = {
  placeOrder: { latencyMs: number[]; crossing: number; filledInAnswer: number };
  cancelOrder: { latencyMs: number[]; ended: number };
  /** Orders that were refused as they were meant to be. */
  refused: { latencyMs: number[] };
  /** Commands that were refused or failed although they should not, by reason. */
  notDone: Map<string, number>;
  /** How long those took. */
  notDoneMs: number[];
};

/** An empty log. */
export function createLoadLog(): LoadLog {
  return {
    placeOrder: { latencyMs: [], crossing: 0, filledInAnswer: 0 },
    cancelOrder: { latencyMs: [], ended: 0 },
    refused: { latencyMs: [] },
    notDone: new Map(),
    notDoneMs: [],
  };
}

/** Counts a command that was refused or failed, by reason. */
export function noteNotDone({ notDone, notDoneMs }: LoadLog, reason: string, latencyMs: number): void {
  notDone.set(reason, (notDone.get(reason) ?? 0) + 1);
  notDoneMs.push(latencyMs);
}

/** Number of commands that succeeded. */
export function doneCount({ placeOrder, cancelOrder }: LoadLog): number {
  return placeOrder.latencyMs.length + cancelOrder.latencyMs.length;
}

/** Reports rates and latencies of a phase that took `durationMs`. */
export function reportLoad(log: LoadLog, phase: string, durationMs: number, report: Report): void {
  const { placeOrder, cancelOrder, notDone } = log;
  const figure = (metric: string, value: number, unit: string) =>
    report.figure({ metric: `${phase}.${metric}`, value, unit });
  const perSecond = (count: number) => count / (durationMs / 1_000);
  figure('orders', perSecond(placeOrder.latencyMs.length), 'orders/s');
  figure('cancels', perSecond(cancelOrder.latencyMs.length), 'cancels/s');
  const { p50, p99, p999, max } = distributionOf(placeOrder.latencyMs);
  figure('place_order_p50', p50, 'ms');
  figure('place_order_p99', p99, 'ms');
  figure('place_order_p99.9', p999, 'ms');
  figure('place_order_max', max, 'ms');
  figure('cancel_order_p50', distributionOf(cancelOrder.latencyMs).p50, 'ms');
  figure('crossing_share', (100 * placeOrder.crossing) / Math.max(1, placeOrder.latencyMs.length), '% of orders');
  // The answer has the fills that the order service has processed by then; later ones arrive on the order stream.
  figure('filled_in_answer', (100 * placeOrder.filledInAnswer) / Math.max(1, placeOrder.crossing), '% of those');
  for (const [reason, count] of notDone) figure(`not_done.${reason}`, count, 'commands');
}
