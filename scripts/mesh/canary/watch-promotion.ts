/** The last look at a version: what only the holder of a lease does, such as settling trades, no canary has done before its promotion. */
import { pause } from '#platform/time/pause.ts';
import type { CanaryCluster } from './canary-cluster.ts';
import { auditOf } from './reading.ts';

/** What is watched, and for how long at most. */
export type WatchOptions = {
  cluster: Pick<CanaryCluster, 'read'>;
  /** Findings of the audit before the promotion. */
  findingsBefore: number;
  lookEveryMs: number;
  /** When a promotion that the audit has not judged counts as one that failed, in ms. */
  undecidedMsMax: number;
  /** Rejects when another command works on the canary. */
  requireOwnRun: () => Promise<void>;
};

/** Waits for a pass of the audit over what the promoted version does. Resolves to the reasons of a failure; none: it may stay. */
export async function watchPromotion(options: WatchOptions): Promise<string[]> {
  const { cluster, findingsBefore, lookEveryMs, undecidedMsMax, requireOwnRun } = options;
  const promoted = await cluster.read();
  if (promoted.audits.length === 0) return [];
  const startTimeMs = performance.now();
  while (performance.now() - startTimeMs < undecidedMsMax) {
    await pause(lookEveryMs);
    await requireOwnRun();
    const audit = auditOf(await cluster.read());
    if (audit.completedSeconds <= auditOf(promoted).completedSeconds) continue;
    const added = audit.findings - findingsBefore;
    return added > 0 ? [`the audit has new findings (${added}) since it was promoted`] : [];
  }
  return ['the audit has completed no pass since it was promoted'];
}
