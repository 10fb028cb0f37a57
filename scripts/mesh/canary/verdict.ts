/** Whether a canary goes on: pure decisions about what was counted. */
import type { Tallies, Tally } from './tallies.ts';

/** What a canary is judged by at one moment. */
export type Evidence = {
  /** The canary's tallies since it began. */
  canary: Tallies;
  /** Those of the stable version in the same time, and of its processes' whole lives. */
  stable: Tallies;
  stableBefore: Tallies;
  /** Calls that the canary answered in this step. */
  callsOfStep: number;
  /** Time of this step so far, in ms. */
  elapsedMs: number;
  /** Restarts of the canary's containers. */
  restarts: number;
  /** The most memory of a process of each version, in bytes; 0 when it is not known. */
  memoryBytes: { canary: number; stable: number };
  /** How late the event loop of a process of each version is, in seconds: the median since it was read before. */
  lagSeconds: { canary: number; stable: number };
  /** Findings of the audit's last pass beyond those when the canary began. */
  newFindings: number;
  /** Whether the audit has completed a pass in this step; true where there is no audit. */
  isAudited: boolean;
};

/** What a step asks for. */
export type StepRules = {
  /** A step takes at least this long, in ms. */
  holdMs: number;
  /** And until the canary has answered so many calls. */
  callsMin: number;
  /** A step that is not decided after this time, in ms, fails. */
  undecidedMsMax: number;
  /** Whether the audit must have completed a pass in it. */
  needsAudit: boolean;
};

/** What to do, with the reasons of a failure. */
export type Decision = { type: 'wait' | 'pass' } | { type: 'fail'; reasons: string[] };

const badMin = { fault: 3, refusal: 3, slow: 20 };
const comparedCallsMin = 20;
const sharePointsMin = { fault: 0.005, refusal: 0.05, slow: 0.05 };
// The difference in standard deviations: by chance alone less than once in 700 comparisons.
const deviationsMin = 3;

// A process that has just started has less than one that has run for long. One that has more than it, by half and this much, leaks.
const memoryFactorMax = 1.5;
const memoryMarginBytes = 32 * 1024 * 1024;

// A call waits for a busy event loop before its time begins to count. One that is late by so much more than the other is too busy; both figures
// contain the 0.25 s between two looks at it.
const lagMarginSeconds = 0.25;
// A process that starts is late.
const lagCountsAfterMs = 15_000;

/** Decides about a step. A failure outranks all else. */
export function decide(evidence: Evidence, rules: StepRules): Decision {
  const reasons = failuresOf(evidence);
  if (reasons.length > 0) return { type: 'fail', reasons };
  const { elapsedMs, callsOfStep, isAudited } = evidence;
  const missing = [
    ...(callsOfStep < rules.callsMin ? [`the canary answered ${callsOfStep} calls of at least ${rules.callsMin}`] : []),
    ...(rules.needsAudit && !isAudited ? ['the audit has completed no pass'] : []),
  ];
  if (missing.length === 0) return { type: elapsedMs >= rules.holdMs ? 'pass' : 'wait' };
  if (elapsedMs < rules.undecidedMsMax) return { type: 'wait' };
  return { type: 'fail', reasons: missing.map((what) => `${what} in ${Math.round(elapsedMs / 1_000)} s`) };
}

function failuresOf(evidence: Evidence): string[] {
  const { canary, stable, stableBefore, restarts, newFindings, memoryBytes, lagSeconds, elapsedMs } = evidence;
  const worse = [...canary].flatMap(([what, tally]) => {
    const recent = stable.get(what);
    const compared = recent !== undefined && recent.calls >= comparedCallsMin ? recent : stableBefore.get(what);
    return isWorse(tally, compared) ? [`${what}: ${shareOf(tally)}, at the stable version ${shareOf(compared)}`] : [];
  });
  return [
    ...(restarts > 0 ? [`a container of the canary has restarted (${restarts})`] : []),
    ...(hasTooMuchMemory(memoryBytes) ? [memoryReason(memoryBytes)] : []),
    ...(elapsedMs >= lagCountsAfterMs && isTooLate(lagSeconds) ? [lagReason(lagSeconds)] : []),
    ...(newFindings > 0 ? [`the audit has new findings (${newFindings})`] : []),
    ...worse,
  ];
}

function hasTooMuchMemory({ canary, stable }: Evidence['memoryBytes']): boolean {
  return stable > 0 && canary > memoryFactorMax * stable + memoryMarginBytes;
}

function memoryReason({ canary, stable }: Evidence['memoryBytes']): string {
  const mebibytes = (bytes: number) => Math.round(bytes / 1024 / 1024);
  return `it uses ${mebibytes(canary)} MiB of memory, the stable version ${mebibytes(stable)} MiB`;
}

function isTooLate({ canary, stable }: Evidence['lagSeconds']): boolean {
  return canary - stable > lagMarginSeconds;
}

function lagReason({ canary, stable }: Evidence['lagSeconds']): string {
  return `its event loop is ${canary.toFixed(2)} s late, that of the stable version ${stable.toFixed(2)} s`;
}

/**
 * Whether more of the canary's calls went badly than chance explains, by the test of two proportions. Where the stable version has had too few
 * calls to compare with, a fault counts as if it had none in as many.
 */
export function isWorse(canary: Tally, stable: Tally | undefined): boolean {
  const isKnown = stable !== undefined && stable.calls >= comparedCallsMin;
  if (canary.bad < badMin[canary.kind] || (!isKnown && canary.kind !== 'fault')) return false;
  const other = isKnown ? stable : { calls: Math.max(canary.calls, comparedCallsMin), bad: 0 };
  const difference = canary.bad / canary.calls - other.bad / other.calls;
  if (difference < sharePointsMin[canary.kind]) return false;
  const pooled = (canary.bad + other.bad) / (canary.calls + other.calls);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / canary.calls + 1 / other.calls));
  return deviation === 0 ? false : difference / deviation > deviationsMin || isSurelyWorse(canary, other);
}

/** With so few calls the test above says nothing: nearly all of them went badly, and nearly none at the stable version. */
function isSurelyWorse(canary: Tally, other: { calls: number; bad: number }): boolean {
  return canary.bad / canary.calls > 0.5 && other.bad / other.calls < 0.05;
}

/** What the canary has cost: the number of its calls that ended in a fault, by RPC and status. */
export function failedCalls(canary: Tallies): Readonly<Record<string, number>> {
  const failed = [...canary].filter(([what, { kind, bad }]) => kind === 'fault' && bad > 0 && what.includes(' ended '));
  return Object.fromEntries(failed.map(([what, { bad }]) => [what, bad]));
}

function shareOf(tally: Tally | undefined): string {
  if (tally === undefined || tally.calls === 0) return 'no calls';
  return `${tally.bad} of ${tally.calls}`;
}
