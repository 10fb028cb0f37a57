/** The phases of the baseline: the highest rate, then latency at a share of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningSystem } from '../../supervisor/testing/index.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { distributionOf } from '../load/distribution.ts';
import { isGrowing } from '../load/is-growing.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { createRandom } from '../load/random.ts';
import { poissonSchedule } from '../load/schedule.ts';
import type { Report } from '../report/report.ts';
import { type Cores, measureCores } from '../system/cores.ts';
import { partsOf } from '../system/parts.ts';
import { createLoadLog, doneCount, type LoadLog, noteNotDone, reportLoad } from './load-log.ts';
import type { OrderClient } from './order-client.ts';
import type { Command, OrderMix } from './order-mix.ts';

/** What every phase needs. */
export type PhaseContext = {
  system: RunningSystem;
  client: OrderClient;
  mix: OrderMix;
  report: Report;
  signal: AbortSignal;
};

const restingPerTrader = 50;
const warm = { windowMs: 3_000, windowsMax: 30 };
const drainMs = 10_000;
const settle = { lookMs: 1_000, looksMax: 30, coresMax: 0.4 };
const coresShownMin = 0.005;

/**
 * Fills the books, then runs `callers` concurrent callers until the rate stops growing. Every process compiles hot code while it runs;
 * earlier figures would measure the compiler.
 */
export async function warmUp(context: PhaseContext, options: { traders: number; callers: number }): Promise<void> {
  const { report, signal } = context;
  const startTimeMs = performance.now();
  report.progress('filling the books');
  await fillBooks(context, options);
  const rates: number[] = [];
  while (rates.length < warm.windowsMax && isGrowing(rates)) {
    const log = createLoadLog();
    await runClosedLoop({ callers: options.callers, durationMs: warm.windowMs, call: nextCall(context, log), signal });
    requireDone(log, 'nothing was done');
    rates.push(doneCount(log) / (warm.windowMs / 1_000));
    report.progress(`warming up: ${Math.round(rates.at(-1) ?? 0)} commands/s`);
  }
  report.figure({ metric: 'warm_up.took', value: (performance.now() - startTimeMs) / 1_000, unit: 's' });
}

async function fillBooks(
  { client, mix, signal }: PhaseContext,
  { traders, callers }: { traders: number; callers: number },
) {
  const log = createLoadLog();
  const queue = Array.from({ length: traders * restingPerTrader }, (_, index) => mix.nextResting(index % traders));
  const worker = async () => {
    for (let command = queue.pop(); command && !signal.aborted; command = queue.pop()) {
      await client.perform(command, performance.now(), log);
    }
  };
  await Promise.all(Array.from({ length: callers }, worker));
  requireDone(log, 'the books could not be filled');
}

/** Measures the commands a second of `callers` concurrent callers, each of which waits for its answer. */
export async function measureSaturation(
  context: PhaseContext,
  { callers, durationMs }: { callers: number; durationMs: number },
): Promise<number> {
  const { report, signal } = context;
  const phase = 'saturation';
  report.progress(`${phase}: ${callers} callers for ${durationMs / 1_000} s`);
  report.figure({ metric: `${phase}.callers`, value: callers, unit: 'callers' });
  const log = createLoadLog();
  const cores = await measureCores(
    () => partsOf(context.system.run()),
    () => runClosedLoop({ callers, durationMs, call: nextCall(context, log), signal }),
  );
  requireDone(log, 'nothing was done');
  reportLoad(log, phase, cores.durationMs, report);
  reportCores(cores, phase, doneCount(log), report);
  await untilSettled(context, phase);
  return doneCount(log) / (cores.durationMs / 1_000);
}

/** Measures latency at a rate of commands that does not depend on the answers. */
export async function measureOpenLoop(
  context: PhaseContext,
  {
    phase,
    ratePerSecond,
    durationMs,
    seed,
  }: { phase: string; ratePerSecond: number; durationMs: number; seed: number },
): Promise<void> {
  const { client, mix, report, signal } = context;
  const dueMs = poissonSchedule(ratePerSecond, durationMs, createRandom(seed));
  const commands = Array.from(dueMs, () => mix.next());
  report.progress(`${phase}: ${Math.round(ratePerSecond)} commands/s for ${durationMs / 1_000} s`);
  report.figure({ metric: `${phase}.offered`, value: dueMs.length / (durationMs / 1_000), unit: 'commands/s' });
  const log = createLoadLog();
  let lagMs: Float64Array = new Float64Array();
  const cores = await measureCores(
    () => partsOf(context.system.run()),
    async () => {
      const call = (index: number, dueTimeMs: number) => client.perform(commands[index] as Command, dueTimeMs, log);
      const result = await runOpenLoop({ dueMs, call, drainMs, signal });
      for (let count = 0; count < result.unfinished; count++) noteNotDone(log, 'no answer by the end', drainMs);
      lagMs = result.lagMs;
    },
  );
  reportLoad(log, phase, cores.durationMs, report);
  const lag = distributionOf(lagMs);
  report.figure({ metric: `${phase}.generator_lag_p50`, value: lag.p50, unit: 'ms' });
  report.figure({ metric: `${phase}.generator_lag_p99`, value: lag.p99, unit: 'ms' });
  reportCores(cores, phase, doneCount(log), report);
  await untilSettled(context, phase);
}

/** Reports the processor time of a phase, by process and per command. */
export function reportCores(cores: Cores, phase: string, commands: number, report: Report): void {
  const figure = (name: string, value: number) => report.figure({ metric: `${phase}.${name}`, value, unit: 'cores' });
  for (const [name, value] of cores.parts) if (value >= coresShownMin) figure(`cores_${name}`, value);
  figure('cores_system', cores.system);
  figure('cores_generator', cores.generator);
  figure('cores_others', cores.others);
  const microseconds = (cores.system * cores.durationMs * 1_000) / Math.max(1, commands);
  report.figure({ metric: `${phase}.processor_a_command`, value: microseconds, unit: 'us' });
}

// Settlements, positions and e-mails follow an order asynchronously. The phase waits for them, so that the next one does not pay.
async function untilSettled({ system, report, signal }: PhaseContext, phase: string): Promise<void> {
  let looks = 0;
  for (let cores = settle.coresMax; cores >= settle.coresMax && looks < settle.looksMax; looks++) {
    const look = () => sleep(settle.lookMs, undefined, { signal });
    cores = (await measureCores(() => partsOf(system.run()), look)).system;
  }
  report.figure({ metric: `${phase}.settled_after`, value: (looks * settle.lookMs) / 1_000, unit: 's' });
}

function nextCall({ client, mix }: PhaseContext, log: LoadLog): () => Promise<void> {
  return () => client.perform(mix.next(), performance.now(), log);
}

function requireDone(log: LoadLog, problem: string): void {
  if (doneCount(log) > 0) return;
  throw new Error(`${problem}: ${[...log.notDone].map(([reason, count]) => `${count} x ${reason}`).join(', ')}`);
}
