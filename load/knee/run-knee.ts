/** Loads a system at one rate after the other until it no longer holds, and says what its load costs each part. */
import { runAudit } from '../../scripts/audit/index.ts';
import { type RunFile, readRunFile } from '../../supervisor/index.ts';
import type { LoadFlags } from '../flags.ts';
import { brokenThresholds } from '../outcome.ts';
import { makeScene } from '../scene.ts';
import { connectAdministrator, findTarget } from '../target.ts';
import { toolOf } from '../tools/tool-of.ts';
import { describeCost } from './describe-cost.ts';
import { findKnee } from './find-knee.ts';
import { readUsed, type Used, usedSince } from './resources.ts';

// Tokens last ten minutes, the making of users included.
const secondsMax = 480;
const triesMax = 16;
const precision = 0.1;
const rateMax = 100_000;

/** Resolves to 0 when a rate held and the audit is clean, else to 1. */
export async function runKnee(flags: LoadFlags): Promise<number> {
  const load = toolOf(flags.tool);
  const target = findTarget(flags);
  const run = flags.target === '' ? readRunFile(flags.data) : undefined;
  const administrator = await connectAdministrator(target);
  await using scene = await makeScene(flags, { url: target.url, administrator, restingCount: 0 });
  let cost = '';
  const search = {
    first: flags.rate,
    max: rateMax,
    precision,
    triesMax: Math.min(triesMax, Math.floor(secondsMax / flags.seconds)),
  };
  const { held, broken } = await findKnee(search, async (rate) => {
    const before = await usedBy(run);
    const outcome = await load({ ...scene, flags: { ...flags, rate } });
    const problems = brokenThresholds(outcome, flags);
    const did = `${outcome.ratePerSecond.toFixed(0)} done, p50 ${outcome.p50Ms.toFixed(0)} ms, p99 ${outcome.p99Ms.toFixed(0)} ms`;
    console.log(`${rate} a second: ${did}${problems.length === 0 ? '' : `; ${problems.join('; ')}`}`);
    if (problems.length === 0 && run !== undefined) cost = costOf(before, await usedBy(run), outcome.answered);
    return problems.length === 0;
  });
  const { verdict } = await runAudit(target, 1);
  console.log(
    `knee: ${held} a second held${broken === undefined ? '' : `, ${broken} did not`}; audit ${verdict.clean ? 'clean' : 'NOT CLEAN'}`,
  );
  if (cost !== '') console.log(`\nAt the greatest rate that held:\n${cost}`);
  return held > 0 && verdict.clean ? 0 : 1;
}

async function usedBy(run: RunFile | undefined): Promise<Map<string, Used>> {
  return run === undefined ? new Map() : readUsed(run);
}

function costOf(before: Map<string, Used>, after: Map<string, Used>, commands: number): string {
  const used = [...after].map(([name, part]) => [name, usedSince(before.get(name), part)] as const);
  return describeCost(new Map(used), commands);
}
