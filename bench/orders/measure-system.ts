/** Warms a running system up, measures it idle, and runs the phases on it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isGrowing } from '../load/is-growing.ts';
import { type Helper, startHelper } from '../system/helper-process.ts';
import { type Counters, countersBetween, readCounters, reportBudget, totalOf } from './budget.ts';
import type { CastWithSymbols } from './cast.ts';
import { untilQuiet, watchDrain } from './drain.ts';
import type { OrdersContext } from './flags.ts';
import type { GeneratorTasks } from './generator.ts';
import { ordersOf } from './measure-load.ts';
import type { PhaseContext } from './phase-context.ts';
import { statisticsDelayMs } from './postgres-counters.ts';
import { type ProcessorClock, startProcessorClock } from './processor-time.ts';
import type { MeasuredSystem } from './start-measured-system.ts';

const restingEach = 20;
const warmWindowMs = 3_000;

/** What to run, and where what went wrong is noted. */
export type MeasureOptions = CastWithSymbols & {
  run(context: PhaseContext): Promise<void>;
  problems: string[];
  /** Makes the orders of this system's run its own. */
  keyPrefix: string;
  /** Default true: what the idle system counts is measured, and taken off what a load counts. */
  takesIdleOff?: boolean;
};

/** Runs it on the system. */
export async function measureSystem(
  context: OrdersContext,
  measured: MeasuredSystem,
  { cast, symbolsByTrader, run, problems, keyPrefix, takesIdleOff = true }: MeasureOptions,
): Promise<void> {
  const { flags: values, report, signal } = context;
  const { system } = measured;
  await using generator = startHelper<GeneratorTasks>(new URL('generator.ts', import.meta.url));
  const target = { port: system.gatewayPort, traders: cast.traders, symbolsByTrader, seed: values.seed };
  await generator.ask('connect', target);
  let loads = 0;
  const nextKeyPrefix = () => `${keyPrefix}${++loads}`;
  await warmUp(context, { generator, usual: cast.usual, nextKeyPrefix });
  await using drain = await watchDrain(system);
  using clock = startProcessorClock(system);
  const idle = takesIdleOff ? await measureIdle(context, { ...measured, clock }, keyPrefix) : undefined;
  const { profile: profileDirectory, top: topStatements, seconds, callers } = values;
  const shared = { report, signal, seconds, callers, profileDirectory, topStatements, problems };
  const phaseContext: PhaseContext = { ...measured, ...shared, generator, cast, drain, clock, idle, nextKeyPrefix };
  await run(phaseContext);
}

// Every process compiles hot code while it runs; earlier figures would measure the compiler.
async function warmUp(
  { flags: values, report, signal }: OrdersContext,
  load: { generator: Helper<GeneratorTasks>; usual: number[]; nextKeyPrefix: () => string },
): Promise<void> {
  const { generator, usual: traders, nextKeyPrefix } = load;
  const { callers } = values;
  report.progress('filling the books');
  await generator.ask('fillBooks', { ordersEach: restingEach, callers, traders, keyPrefix: nextKeyPrefix() });
  const rates: number[] = [];
  while (rates.length < values.warm && isGrowing(rates)) {
    signal.throwIfAborted();
    const mix = { name: 'normal', traders, keyPrefix: nextKeyPrefix() } as const;
    const result = await generator.ask('closedLoop', { mix, callers, durationMs: warmWindowMs });
    rates.push(ordersOf(result) / (result.durationMs / 1_000));
    report.progress(`warming up: ${Math.round(rates.at(-1) ?? 0)} orders/s ${JSON.stringify(result.notDone)}`);
  }
}

async function measureIdle(
  { report, signal }: OrdersContext,
  { system, statements, clock }: MeasuredSystem & { clock: ProcessorClock },
  keyPrefix: string,
): Promise<Counters> {
  report.progress('idle');
  const isQuiet = await untilQuiet(system, signal);
  await sleep(statisticsDelayMs, undefined, { signal });
  const before = await readCounters(system, { statements, time: clock.read() });
  await sleep(statisticsDelayMs, undefined, { signal });
  const idle = countersBetween(before, await readCounters(system, { statements, time: clock.read() }));
  const phase = keyPrefix === 'load' ? 'idle' : `idle_${keyPrefix}`;
  // Otherwise the budgets after it are too low.
  report.figure({ metric: `${phase}.quiet`, value: isQuiet ? 'yes' : 'no', unit: '' });
  reportBudget(report, phase, { counted: idle, count: idle.timeMs / 1_000, per: 'a second' });
  const { serviceUs, postgresUs } = totalOf(idle);
  report.figure({ metric: `${phase}.cores`, value: (serviceUs + postgresUs) / (idle.timeMs * 1_000), unit: 'cores' });
  return idle;
}
