/** The phases of the bench on a system without the house. */
import { setTimeout as sleep } from 'node:timers/promises';
import { renewTokens } from '../baseline/market-place.ts';
import { type LoadOutcome, measureLoad } from './measure-load.ts';
import { mixShares } from './mixes.ts';
import type { PhaseContext } from './phase-context.ts';
import { statisticsDelayMs } from './postgres-counters.ts';

/** What later phases are compared with, in orders a second. */
export type Peaks = { saturation?: number };

/** A phase; it may read and set what the phases share. */
export type Phase = (context: PhaseContext, peaks: Peaks) => Promise<void>;

const loneRate = 20;
const steadyRate = 500;
const overloadFactor = 2;
// They last ten minutes, and a phase half of that at most.
const tokenAgeMaxMs = 4 * 60_000;
const targets = {
  hotShare: 0.5,
  refusedShare: 0.8,
  historyShare: 0.8,
  goodputShare: 0.9,
  bracketsShare: 1 / 3,
};

/** By name, in the order in which they run. */
export const phases: Readonly<Record<string, Phase>> = {
  lone: async (context) => {
    await measureLoad(context, {
      phase: 'lone',
      mix: 'resting',
      run: (mix) => openLoop(context, { mix, ratePerSecond: loneRate, evenly: true }),
    });
  },
  rate500: async (context) => {
    await measureLoad(context, {
      phase: 'rate500',
      mix: 'normal',
      run: (mix) => openLoop(context, { mix, ratePerSecond: steadyRate, evenly: false }),
    });
  },
  saturation: async (context, peaks) => {
    const { ordersPerSecond } = await closedLoop(context, 'saturation', {});
    peaks.saturation = ordersPerSecond;
  },
  hot: async (context, peaks) => {
    const { ordersPerSecond: rate } = await closedLoop(context, 'hot', { mix: 'hot', traders: [context.cast.hot] });
    reportShare(context, { phase: 'hot', rate, peaks, target: targets.hotShare });
  },
  // On a system whose accounts have a long history.
  history: async (context, peaks) => {
    const { ordersPerSecond: rate } = await closedLoop(context, 'history', {});
    reportShare(context, { phase: 'history', rate, peaks, target: targets.historyShare });
  },
  refused: async (context, peaks) => {
    const { ordersPerSecond: rate } = await closedLoop(context, 'refused', { mix: 'refused' });
    reportShare(context, { phase: 'refused', rate, peaks, target: targets.refusedShare });
  },
  overload: async (context, peaks) => {
    if (peaks.saturation === undefined) throw new Error('overload offers twice the rate of saturation: run both');
    // Of 100 commands the cancels are no orders.
    const ratePerSecond = (overloadFactor * peaks.saturation) / (1 - mixShares.normal.cancelsOf100 / 100);
    context.report.figure({ metric: 'overload.offered', value: ratePerSecond, unit: 'commands/s' });
    const { ordersPerSecond: rate } = await measureLoad(context, {
      phase: 'overload',
      mix: 'normal',
      shedding: true,
      run: (mix) => openLoop(context, { mix, ratePerSecond, evenly: false }),
    });
    reportShare(context, { phase: 'overload', rate, peaks, target: targets.goodputShare });
  },
  // The last: what its exits leave waiting would be in the way of the others.
  brackets: async (context, peaks) => {
    const { ordersPerSecond: rate } = await closedLoop(context, 'brackets', { mix: 'brackets' });
    reportShare(context, { phase: 'brackets', rate, peaks, target: targets.bracketsShare });
  },
};

/** Runs the phases that are asked for, with access tokens that outlast each. */
export async function runPhases(context: PhaseContext, names: readonly string[], peaks: Peaks): Promise<void> {
  for (const [name, run] of Object.entries(phases)) {
    if (!names.includes(name)) continue;
    context.signal.throwIfAborted();
    await renewOldTokens(context);
    await run(context, peaks);
  }
}

async function renewOldTokens({ cast, generator, system, signal }: PhaseContext): Promise<void> {
  if (performance.now() - cast.tokensTimeMs < tokenAgeMaxMs) return;
  cast.traders = await renewTokens(system.gatewayUrl, cast.traders);
  cast.tokensTimeMs = performance.now();
  await generator.ask('renew', cast.traders);
  // What it cost is no part of the next phase.
  await sleep(statisticsDelayMs, undefined, { signal });
}

/** Runs a load whose callers send the next command when the last is answered. */
export async function closedLoop(
  context: PhaseContext,
  phase: string,
  load: { mix?: 'hot' | 'refused' | 'brackets'; traders?: number[] },
): Promise<LoadOutcome> {
  const { generator, callers, seconds } = context;
  context.report.figure({ metric: `${phase}.callers`, value: callers, unit: 'callers' });
  return measureLoad(context, {
    phase,
    mix: load.mix ?? 'normal',
    traders: load.traders,
    run: (mix) => generator.ask('closedLoop', { mix, callers, durationMs: seconds * 1_000 }),
  });
}

function openLoop(
  { generator, seconds }: PhaseContext,
  load: { mix: Parameters<typeof generator.ask<'openLoop'>>[1]['mix']; ratePerSecond: number; evenly: boolean },
) {
  return generator.ask('openLoop', { ...load, durationMs: seconds * 1_000 });
}

function reportShare(
  { report }: PhaseContext,
  { phase, rate, peaks, target }: { phase: string; rate: number; peaks: Peaks; target: number },
): void {
  if (peaks.saturation === undefined) return;
  const against = { what: 'target, at least', value: target };
  report.figure({ metric: `${phase}.share_of_saturation`, value: rate / peaks.saturation, unit: '', against });
}
