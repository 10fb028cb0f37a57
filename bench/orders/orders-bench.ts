import { renewTokens, type Trader } from '../baseline/market-place.ts';
import { defineBench } from '../bench.ts';
import { findPgbench, runPgbench } from '../exchange/pgbench.ts';
import { requireCleanAudit } from '../system/administrator.ts';
import { reportMachine } from '../system/machine.ts';
import { requireProc } from '../system/processes.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';
import { assembleCast, type CastWithSymbols } from './cast.ts';
import {
  historyPhase,
  housePhase,
  type OrdersContext,
  ordersFlags,
  ownPhases,
  phasesOf,
  watchedPhase,
} from './flags.ts';
import { fillHistory } from './history/fill-history.ts';
import { measureHouse } from './house-phase.ts';
import { measureSystem } from './measure-system.ts';
import type { PhaseContext } from './phase-context.ts';
import { type Peaks, phases, runPhases } from './phases.ts';
import {
  type MeasuredSystem,
  raisedLimits,
  requireDurable,
  startMeasuredSystem,
  startPostgresOf,
} from './start-measured-system.ts';
import { type MeasureAgain, measureWatched, type Start } from './watched.ts';

const historyAccounts = 10;
const historySeed = 1;

/** Orders of many users through the whole system, and what one of them costs. */
export const ordersBench = defineBench({
  name: 'orders',
  summary:
    'durable orders a second of the whole system beside pgbench, latency at fixed rates, and the budget of an order',
  flags: ordersFlags,
  timeLimitMs: 120 * 60_000,
  run: measureOrders,
});

async function measureOrders(context: OrdersContext): Promise<void> {
  const { report, signal } = context;
  const names = phasesOf(context);
  requireProc();
  reportMachine(report);
  const problems: string[] = [];
  if (names.some((name) => name !== housePhase)) await measureLoads(context, names, problems);
  if (names.includes(housePhase)) await measureHouse({ report, signal, seconds: context.flags.seconds });
  signal.throwIfAborted();
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

async function measureLoads(context: OrdersContext, names: string[], problems: string[]): Promise<void> {
  const { report } = context;
  await using directory = await makeTempDirectory();
  report.progress('starting');
  const peaks: Peaks = {};
  const place = { dataDirectory: directory.path, isNew: true };
  const cast = await onSystem(context, place, async (measured) => {
    const made = await makeCast(context, measured, names);
    const loads = names.filter((name) => phases[name] !== undefined && !ownPhases.includes(name));
    const run = (phaseContext: PhaseContext) => runPhases(phaseContext, loads, peaks);
    if (loads.length > 0) await measureSystem(context, measured, { ...made, run, problems, keyPrefix: 'load' });
    await requireCleanAudit(measured.system, report);
    return made;
  });
  const measureAgain: MeasureAgain = (keyPrefix, run, { takesIdleOff, ...start } = {}) =>
    onSystem(context, { ...place, isNew: false, ...start }, async (measured) => {
      cast.cast.traders = await renewTokens(measured.system.gatewayUrl, cast.cast.traders);
      cast.cast.tokensTimeMs = performance.now();
      await measureSystem(context, measured, { ...cast, run, problems, keyPrefix, takesIdleOff });
      await requireCleanAudit(measured.system, report);
    });
  if (names.includes(watchedPhase)) await measureWatched(context, measureAgain);
  if (names.includes(historyPhase)) {
    await makeHistory(context, directory.path, cast.cast.traders);
    await measureAgain(historyPhase, (phaseContext) => runPhases(phaseContext, [historyPhase], peaks));
  }
  if (context.flags.pgbench > 0) await compareWithPgbench(context, directory.path, peaks);
}

async function onSystem<R>(
  { flags: values, report, signal }: OrdersContext,
  { dataDirectory, isNew, env, flags = [] }: Start & { dataDirectory: string; isNew: boolean },
  work: (measured: MeasuredSystem) => Promise<R>,
): Promise<R> {
  const start = {
    dataDirectory,
    isNew,
    flags: ['--no-simulator', ...flags],
    statements: values.statements === 1,
    env,
    signal,
  };
  const measured = await startMeasuredSystem(start);
  await using _system = measured.system;
  await requireDurable(measured.system, report);
  report.figure({ metric: 'postgres.pg_stat_statements', value: measured.statements ? 'on' : 'off', unit: '' });
  for (const [name, value] of Object.entries(raisedLimits))
    report.figure({ metric: `limits.${name}`, value: Number(value), unit: 'raised' });
  report.figure({ metric: 'limits.orders_per_second_max', value: 10_000, unit: 'an account, raised' });
  report.figure({ metric: 'limits.open_orders_max', value: 10_000, unit: 'an account, raised' });
  return await work(measured);
}

async function makeCast(
  { flags: values, report }: OrdersContext,
  { system }: MeasuredSystem,
  names: string[],
): Promise<CastWithSymbols> {
  report.progress('making users and books');
  const startTimeMs = performance.now();
  const made = await assembleCast(system, { ...values, hot: names.includes('hot') });
  report.figure({ metric: 'load.users', value: made.cast.usual.length, unit: 'people' });
  report.figure({ metric: 'load.symbols', value: values.symbols, unit: 'books' });
  report.figure({ metric: 'load.made_in', value: (performance.now() - startTimeMs) / 1_000, unit: 's' });
  return made;
}

async function makeHistory(
  { flags: values, report, signal }: OrdersContext,
  dataDirectory: string,
  traders: readonly Trader[],
): Promise<void> {
  const accountIds = traders.slice(0, historyAccounts).map(({ accountId }) => accountId);
  const startTimeMs = performance.now();
  const server = await startPostgresOf(dataDirectory);
  try {
    const onProgress = (orders: number) => report.progress(`history: ${orders} orders`);
    await fillHistory(server, { accountIds, ordersEach: values.history, seed: historySeed, onProgress, signal });
  } finally {
    await server.stop();
  }
  report.figure({ metric: 'history.filled', value: values.history * accountIds.length, unit: 'orders' });
  report.figure({ metric: 'history.filled_in', value: (performance.now() - startTimeMs) / 1_000, unit: 's' });
}

async function compareWithPgbench({ flags: values, report, signal }: OrdersContext, directory: string, peaks: Peaks) {
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
