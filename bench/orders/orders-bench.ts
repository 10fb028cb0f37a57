import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchContext } from '../bench.ts';
import { defineBench } from '../bench.ts';
import { findPgbench, runPgbench } from '../exchange/pgbench.ts';
import { isGrowing } from '../load/is-growing.ts';
import { requireCleanAudit } from '../system/administrator.ts';
import { type Helper, startHelper } from '../system/helper-process.ts';
import { reportMachine } from '../system/machine.ts';
import { requireProc } from '../system/processes.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';
import { type Counters, countersBetween, readCounters, reportBudget, totalOf } from './budget.ts';
import { assembleCast } from './cast.ts';
import { untilQuiet, watchDrain } from './drain.ts';
import type { GeneratorTasks } from './generator.ts';
import { ordersOf } from './measure-load.ts';
import type { PhaseContext } from './phase-context.ts';
import { type Peaks, phases, runPhases } from './phases.ts';
import { statisticsDelayMs } from './postgres-counters.ts';
import {
  type MeasuredSystem,
  raisedLimits,
  requireDurable,
  startMeasuredSystem,
  startPostgresOf,
} from './start-measured-system.ts';

const flags = {
  seconds: { kind: 'count', default: 20, min: 1, max: 300, help: 'length of each phase' },
  users: { kind: 'count', default: 200, min: 1, max: 2_000, help: 'accounts that trade' },
  symbols: { kind: 'count', default: 10, min: 1, max: 100, help: 'books that they trade in, two each' },
  callers: { kind: 'count', default: 256, min: 1, max: 2_048, help: 'concurrent callers of the phases at saturation' },
  phases: { kind: 'text', default: Object.keys(phases).join(','), help: 'phases to run' },
  warm: { kind: 'count', default: 8, min: 0, max: 30, help: 'most windows of 3 s that it warms up' },
  pgbench: { kind: 'count', default: 20, min: 0, max: 120, help: 'seconds of pgbench at the end; 0: none' },
  statements: { kind: 'count', default: 1, min: 0, max: 1, help: 'whether PostgreSQL counts statements' },
  top: { kind: 'count', default: 0, min: 0, max: 100, help: 'statements to list after each phase, the dearest first' },
  profile: { kind: 'text', default: '', help: 'folder for a processor profile of each process and phase' },
  seed: { kind: 'count', default: 1, min: 0, max: 1_000_000, help: 'seed of the commands and of their times' },
} as const;

type Context = BenchContext<typeof flags>;

const restingEach = 20;
const warmWindowMs = 3_000;

/** Orders of many users through the whole system, and what one of them costs. */
export const ordersBench = defineBench({
  name: 'orders',
  summary:
    'durable orders a second of the whole system beside pgbench, latency at fixed rates, and the budget of an order',
  flags,
  timeLimitMs: 60 * 60_000,
  run: measureOrders,
});

async function measureOrders(context: Context): Promise<void> {
  const { flags: values, report, signal } = context;
  const names = values.phases.split(',');
  const unknown = names.find((name) => phases[name] === undefined);
  if (unknown !== undefined) throw new Error(`there is no phase '${unknown}': ${Object.keys(phases).join(', ')}`);
  requireProc();
  reportMachine(report);
  await using directory = await makeTempDirectory();
  report.progress('starting');
  const problems: string[] = [];
  const peaks = await onSystem(context, directory.path, async (measured) => {
    const found = await measurePhases(context, measured, { names, problems });
    await requireCleanAudit(measured.system, report);
    return found;
  });
  if (values.pgbench > 0) await compareWithPgbench(context, directory.path, peaks);
  signal.throwIfAborted();
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

async function onSystem<R>(
  { flags: values, report, signal }: Context,
  dataDirectory: string,
  work: (measured: MeasuredSystem) => Promise<R>,
): Promise<R> {
  const start = { dataDirectory, flags: ['--no-simulator'], statements: values.statements === 1, signal };
  const measured = await startMeasuredSystem(start);
  await using _system = measured.system;
  await requireDurable(measured.system, report);
  report.figure({ metric: 'postgres.pg_stat_statements', value: measured.statements ? 'on' : 'off', unit: '' });
  for (const [name, value] of Object.entries(raisedLimits))
    report.figure({ metric: `limits.${name}`, value: Number(value), unit: 'raised' });
  report.figure({ metric: 'limits.orders_per_second_max', value: 10_000, unit: 'an account, raised' });
  return await work(measured);
}

async function measurePhases(
  context: Context,
  measured: MeasuredSystem,
  { names, problems }: { names: string[]; problems: string[] },
): Promise<Peaks> {
  const { flags: values, report, signal } = context;
  const { system } = measured;
  report.progress('making users and books');
  const startTimeMs = performance.now();
  const { cast, symbolsByTrader } = await assembleCast(system, { ...values, hot: names.includes('hot') });
  report.figure({ metric: 'load.users', value: cast.usual.length, unit: 'people' });
  report.figure({ metric: 'load.symbols', value: values.symbols, unit: 'books' });
  report.figure({ metric: 'load.made_in', value: (performance.now() - startTimeMs) / 1_000, unit: 's' });
  await using generator = startHelper<GeneratorTasks>(new URL('generator.ts', import.meta.url));
  const target = { port: system.gatewayPort, traders: cast.traders, symbolsByTrader, seed: values.seed };
  await generator.ask('connect', target);
  let loads = 0;
  const nextKeyPrefix = () => `load${++loads}`;
  await warmUp(context, { generator, usual: cast.usual, nextKeyPrefix });
  await using drain = await watchDrain(system);
  const idle = await measureIdle(context, measured);
  const { profile: profileDirectory, top: topStatements, seconds, callers } = values;
  const shared = { report, signal, seconds, callers, profileDirectory, topStatements, problems };
  const phaseContext: PhaseContext = { ...measured, ...shared, generator, cast, drain, idle, nextKeyPrefix };
  return await runPhases(phaseContext, names);
}

// Every process compiles hot code while it runs; earlier figures would measure the compiler.
async function warmUp(
  { flags: values, report, signal }: Context,
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

async function measureIdle({ report, signal }: Context, { system, statements }: MeasuredSystem): Promise<Counters> {
  report.progress('idle');
  await untilQuiet(system, signal);
  await sleep(statisticsDelayMs, undefined, { signal });
  const before = await readCounters(system, { statements });
  await sleep(statisticsDelayMs, undefined, { signal });
  const idle = countersBetween(before, await readCounters(system, { statements }));
  reportBudget(report, 'idle', { counted: idle, count: idle.timeMs / 1_000, per: 'a second' });
  const { serviceUs, postgresUs } = totalOf(idle);
  report.figure({ metric: 'idle.cores', value: (serviceUs + postgresUs) / (idle.timeMs * 1_000), unit: 'cores' });
  return idle;
}

async function compareWithPgbench({ flags: values, report, signal }: Context, directory: string, peaks: Peaks) {
  const program = findPgbench();
  if (program === undefined) {
    report.figure({ metric: 'pgbench.tpcb', value: 'pgbench is not installed', unit: '' });
    return;
  }
  report.progress(`pgbench for ${values.pgbench} s`);
  const server = await startPostgresOf(directory);
  try {
    const rate = await runPgbench(program, server, { seconds: values.pgbench, signal });
    report.figure({ metric: 'pgbench.tpcb', value: rate, unit: 'transactions/s' });
    if (peaks.saturation !== undefined)
      report.figure({ metric: 'pgbench.orders_a_transaction', value: peaks.saturation / rate, unit: '' });
  } finally {
    await server.stop();
  }
}
