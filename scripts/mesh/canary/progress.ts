/** Where a canary stands. It is stored with the canary in the cluster, so that a command that was killed can be run again. */

/**
 * steps -> promoting, or aborting; promoting -> rolling-back when it is given up. After each of the last three there is no canary. An abort does not
 * touch the stable version, which was not changed yet.
 */
export type Phase = 'steps' | 'promoting' | 'aborting' | 'rolling-back';

const phases: readonly unknown[] = ['steps', 'promoting', 'aborting', 'rolling-back'] satisfies Phase[];

/** What is stored. */
export type Progress = {
  phase: Phase;
  /** Shares of calls, in percent, rising; the last is 100. */
  steps: number[];
  /** How many steps were passed. */
  passed: number;
  /** The revision of the stable Deployment when the canary began. */
  stableRevision: string;
  /** Findings of the audit when the canary began. */
  findings: number;
  /** Names the command that works on the canary; another one that finds its own name replaced ends. */
  run: string;
};

/** The annotation of the canary's Deployment that has it. */
export const progressAnnotation = 'outcry.dev/canary-progress';

/** Reads the annotation. Throws Error when it is none that this release has written. */
export function parseProgress(text: string | undefined): Progress {
  const found = JSON.parse(text ?? 'null') as Partial<Progress> | null;
  const { phase, steps, passed, stableRevision, findings, run } = found ?? {};
  const isKnown = phases.includes(phase);
  if (
    !isKnown ||
    phase === undefined ||
    !Array.isArray(steps) ||
    passed === undefined ||
    stableRevision === undefined ||
    findings === undefined ||
    run === undefined
  ) {
    throw new Error(`the canary has no progress that is understood: ${text}`);
  }
  return { phase, steps, passed, stableRevision, findings, run };
}

/** Reads `--steps 10,50,100`: rising whole percentages from 1, of which the last is 100. Throws RangeError. */
export function parseSteps(text: string): number[] {
  const steps = text.split(',').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : Number.NaN));
  const isRising = steps.every((step, index) => step > (steps[index - 1] ?? 0));
  if (isRising && steps.at(-1) === 100) return steps;
  throw new RangeError(
    `--steps takes rising percentages from 1, of which the last is 100, such as 10,50,100; not ${text}`,
  );
}
