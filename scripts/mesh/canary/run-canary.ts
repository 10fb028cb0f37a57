/** The course of a canary: from its creation, or from where an earlier command left it, to one of its two ends. */
import { randomUUID } from 'node:crypto';
import { pause } from '#platform/time/pause.ts';
import { CommandError } from '../command.ts';
import type { CanaryCluster } from './canary-cluster.ts';
import type { Version } from './canary-deployment.ts';
import type { Progress } from './progress.ts';
import { auditOf, evidenceOf, type Reading, talliesOf } from './reading.ts';
import { decide, failedCalls, type StepRules } from './verdict.ts';
import { watchPromotion } from './watch-promotion.ts';

/** What is tried, and by which rules. */
export type CanaryOptions = {
  cluster: CanaryCluster;
  service: string;
  version: Version;
  /** For a canary that begins; one that there is has its own. */
  steps: number[];
  /** Whether the migrations of the new version are applied before it is tried; without it a version that has new ones is not ready. */
  migrates: boolean;
  rules: Omit<StepRules, 'needsAudit'>;
  /** From one look to the next, in ms. */
  lookEveryMs: number;
  /** Says what is done. */
  say: (what: string) => void;
};

/** How it ended. `failed` are the calls that the canary answered with a fault, by RPC and status. */
export type CanaryEnd = {
  type: 'promoted' | 'aborted' | 'nothing';
  failed: Readonly<Record<string, number>>;
  reasons: string[];
};

/** Runs a canary to its end. Rejects with CommandError when it cannot go on; it may then be run again, or ended by `abortCanary`. */
export async function runCanary(options: CanaryOptions): Promise<CanaryEnd> {
  const { cluster, version, lookEveryMs, say } = options;
  const progress = await beginOrResume(options);
  if (progress === undefined) {
    say('the stable version is this one already');
    return { type: 'nothing', failed: {}, reasons: [] };
  }
  if (progress.phase === 'aborting' || progress.phase === 'rolling-back')
    return abort(options, progress, ['an earlier command had begun to end it']);
  if (progress.phase === 'steps') {
    const reasons = await takeSteps(options, progress);
    if (reasons.length > 0) return abort(options, progress, reasons);
    progress.phase = 'promoting';
    await cluster.save(progress);
  }
  say('promoting: it may take leases and consumers, and the stable version becomes this one');
  await cluster.passRole();
  await cluster.updateStable(version);
  say('promoted; a pass of the audit looks at what it does with them');
  const reasons = await watchPromotion({
    ...{ cluster, lookEveryMs, undecidedMsMax: options.rules.undecidedMsMax, findingsBefore: progress.findings },
    requireOwnRun: () => requireOwnRun(cluster, progress),
  });
  if (reasons.length > 0) return abort(options, progress, reasons);
  await cluster.share({ weight: 0, byHeader: false });
  const failed = await costOf(options);
  await cluster.remove();
  return { type: 'promoted', failed, reasons: [] };
}

/** Ends the canary that there is, at whatever it is. */
export async function abortCanary(options: Pick<CanaryOptions, 'cluster' | 'service' | 'say'>): Promise<CanaryEnd> {
  const found = await options.cluster.find();
  if (found === undefined) return { type: 'nothing', failed: {}, reasons: [] };
  return abort(options, { ...found.progress, run: randomUUID() }, ['it was asked for']);
}

async function beginOrResume({ cluster, version, steps, migrates, say }: CanaryOptions): Promise<Progress | undefined> {
  const run = randomUUID();
  const found = await cluster.find();
  if (found !== undefined) {
    if (!found.runs(version)) throw new CommandError('a canary of another version runs; end it with --abort first');
    const progress = { ...found.progress, run };
    say(`going on with the canary: ${progress.phase}, ${progress.passed} of ${progress.steps.length} steps passed`);
    await cluster.save(progress);
    return progress;
  }
  const { revision, isVersion } = await cluster.stable(version);
  if (isVersion) return undefined;
  if (migrates) {
    say('applying its migrations');
    await cluster.migrate(version);
  }
  const { findings } = auditOf(await cluster.read());
  const progress: Progress = { phase: 'steps', steps, passed: 0, stableRevision: revision, findings, run };
  // Before there are pods: they must not get a share by being behind the same Service.
  await cluster.share({ weight: 0, byHeader: false });
  await cluster.create(version, progress);
  say('created; it answers no calls yet and takes no roles');
  return progress;
}

/** Takes what is left of the steps. Resolves to the reasons of a failure; none: all were passed. */
async function takeSteps(options: CanaryOptions, progress: Progress): Promise<string[]> {
  const { cluster, say } = options;
  const failure = await cluster.untilReady().then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (failure !== undefined) return [`it does not become ready: ${failure}`];
  const began = await cluster.read();
  while (progress.passed < progress.steps.length) {
    const weight = progress.steps[progress.passed] ?? 100;
    await cluster.share({ weight, byHeader: true });
    say(`${weight} % of calls`);
    const reasons = await watchStep(options, progress, began);
    if (reasons.length > 0) return reasons;
    progress.passed += 1;
    await cluster.save(progress);
  }
  return [];
}

async function watchStep(options: CanaryOptions, progress: Progress, began: Reading): Promise<string[]> {
  const { cluster, service, lookEveryMs, say } = options;
  const rules = { ...options.rules, needsAudit: progress.passed === progress.steps.length - 1 };
  const step = await cluster.read();
  const startTimeMs = performance.now();
  for (;;) {
    await pause(lookEveryMs);
    await requireOwnRun(cluster, progress);
    const now = await cluster.read();
    const evidence = evidenceOf({ service }, { began, step, now }, performance.now() - startTimeMs);
    const decision = decide(evidence, rules);
    if (decision.type === 'fail') return decision.reasons;
    if (decision.type === 'wait') continue;
    const failed = Object.values(failedCalls(evidence.canary)).reduce((total, count) => total + count, 0);
    say(`passed after ${evidence.callsOfStep} calls of its own; ${failed} failed so far`);
    return [];
  }
}

/** Another command may have taken the canary over, or ended it. */
async function requireOwnRun(cluster: CanaryCluster, { run }: Progress): Promise<void> {
  const found = await cluster.find();
  if (found?.progress.run !== run) throw new CommandError('another command works on this canary now');
}

async function abort(
  options: Pick<CanaryOptions, 'cluster' | 'service' | 'say'>,
  progress: Progress,
  reasons: string[],
): Promise<CanaryEnd> {
  const { cluster, say } = options;
  const isStableChanged = progress.phase === 'promoting' || progress.phase === 'rolling-back';
  say(`aborting: ${reasons.join('; ')}`);
  await cluster.save({ ...progress, phase: isStableChanged ? 'rolling-back' : 'aborting' });
  await cluster.share({ weight: 0, byHeader: false });
  if (isStableChanged) await cluster.restoreStable(progress.stableRevision);
  const failed = await costOf(options);
  await cluster.remove();
  return { type: 'aborted', failed, reasons };
}

/** Calls that the canary answered with a fault, in its whole life. */
async function costOf({ cluster, service }: Pick<CanaryOptions, 'cluster' | 'service'>): Promise<CanaryEnd['failed']> {
  const { canary } = await cluster.read();
  return failedCalls(talliesOf({ service }, canary));
}
