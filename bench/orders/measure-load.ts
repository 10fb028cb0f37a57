/** One load: its rate with the clock stopped when all is drained, its latencies, and the budget of an order. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Distribution } from '../load/distribution.ts';
import { countersBetween, readCounters, reportBudget, totalOf } from './budget.ts';
import { untilQuiet } from './drain.ts';
import type { LoadMix, LoadResult } from './generator.ts';
import { describeMix, type MixName } from './mixes.ts';
import type { PhaseContext } from './phase-context.ts';
import { readStatements, statisticsDelayMs } from './postgres-counters.ts';
import { startProfiles } from './profile.ts';
import { reportTopStatements } from './top-statements.ts';

/** A load of a phase. */
export type Load = {
  phase: string;
  mix: MixName;
  /** Traders by number; default the usual ones. */
  traders?: number[];
  run(mix: LoadMix): Promise<LoadResult>;
  /** Whether refusals for overload count as answers rather than as errors. */
  shedding?: boolean;
};

/** What the later phases compare with. */
export type LoadOutcome = { ordersPerSecond: number; processorUsEach: number };

// Reasons with which a service in overload refuses work at once.
const shedReasons = /^(resource_exhausted|unavailable|.*(RATE|BUSY|OVERLOAD|EXHAUSTED|LIMIT).*)$/i;

/** Runs the load, waits until everything is drained and counted, and reports. Failed commands are `problems`. */
export async function measureLoad(context: PhaseContext, load: Load): Promise<LoadOutcome> {
  const { system, statements, report, signal, drain, clock } = context;
  const { phase } = load;
  report.progress(`${phase}: ${describeMix(load.mix)}`);
  const before = await readCounters(system, { statements, time: clock.read() });
  const texts = context.topStatements > 0 && statements ? await readStatements(system) : undefined;
  const profiles = await startProfiles(context, phase);
  const startTimeMs = performance.now();
  const traders = load.traders ?? context.cast.usual;
  const result = await load.run({ name: load.mix, traders, keyPrefix: context.nextKeyPrefix() });
  await drain.untilDrained(signal);
  const clockMs = performance.now() - startTimeMs;
  report.progress(`${phase}: drained`);
  await profiles.stop();
  const ordersPerSecond = reportResult(context, load, result, clockMs);
  if (context.idle) {
    report.figure({ metric: `${phase}.quiet`, value: (await untilQuiet(system, signal)) ? 'yes' : 'no', unit: '' });
    report.figure({ metric: `${phase}.quiet_after`, value: (performance.now() - startTimeMs) / 1_000, unit: 's' });
  }
  const time = clock.read();
  if (context.idle) await sleep(statisticsDelayMs, undefined, { signal });
  const counted = countersBetween(before, await readCounters(system, { statements, time }), context.idle);
  reportBudget(report, phase, { counted, count: ordersOf(result), per: 'an order' });
  if (texts)
    reportTopStatements(context, {
      phase,
      before: texts,
      after: await readStatements(system),
      orders: ordersOf(result),
    });
  context.problems.push(...problemsOf(load, result));
  const { serviceUs, postgresUs } = totalOf(counted);
  return { ordersPerSecond, processorUsEach: (serviceUs + postgresUs) / Math.max(1, ordersOf(result)) };
}

/** Orders with a durable outcome: accepted, or refused and stored. */
export function ordersOf({ placeOrder, refused }: LoadResult): number {
  return placeOrder.count + refused.count;
}

function reportResult({ report }: PhaseContext, load: Load, result: LoadResult, clockMs: number): number {
  const { placeOrder, cancelOrder, refused, notDone, notDoneMs, lagMs } = result;
  const figure = (metric: string, value: number, unit: string) =>
    report.figure({ metric: `${load.phase}.${metric}`, value, unit });
  const perSecond = (count: number) => count / (clockMs / 1_000);
  const ordersPerSecond = perSecond(ordersOf(result));
  report.figure({ metric: `${load.phase}.mix`, value: describeMix(load.mix), unit: '' });
  figure('orders', ordersPerSecond, 'orders/s');
  figure('accepted', perSecond(placeOrder.count), 'orders/s');
  figure('refused', perSecond(refused.count), 'orders/s');
  figure('cancels', perSecond(cancelOrder.count), 'cancels/s');
  figure('sent_for', result.durationMs / 1_000, 's');
  figure('drained_after', (clockMs - result.durationMs) / 1_000, 's');
  const latency = (name: string, { p50, p99, max }: Distribution) => {
    figure(`${name}_p50`, p50, 'ms');
    figure(`${name}_p99`, p99, 'ms');
    figure(`${name}_max`, max, 'ms');
  };
  latency('place_order', placeOrder);
  if (cancelOrder.count > 0) figure('cancel_order_p50', cancelOrder.p50, 'ms');
  if (refused.count > 0) figure('refused_p50', refused.p50, 'ms');
  if (placeOrder.crossing > 0)
    figure('filled_in_answer', (100 * placeOrder.filledInAnswer) / placeOrder.crossing, '% of crossing');
  if (lagMs.count > 0) figure('generator_lag_p99', lagMs.p99, 'ms');
  for (const [reason, count] of Object.entries(notDone)) figure(`not_done.${reason}`, count, 'commands');
  if (load.shedding) latency('shed', notDoneMs);
  figure('errors', errorsOf(load, result), 'commands');
  return ordersPerSecond;
}

function errorsOf({ shedding }: Load, { notDone }: LoadResult): number {
  const errors = Object.entries(notDone).filter(([reason]) => !(shedding && shedReasons.test(reason)));
  return errors.reduce((sum, [, count]) => sum + count, 0);
}

function problemsOf(load: Load, result: LoadResult): string[] {
  const reasons = JSON.stringify(result.notDone);
  const errors = errorsOf(load, result);
  if (errors > 0) return [`${load.phase}: ${errors} commands failed: ${reasons}`];
  return ordersOf(result) > 0 ? [] : [`${load.phase}: no order was placed: ${reasons}`];
}
