import type { CanaryShare } from '../canary-routes.ts';
import type { Version } from './canary-deployment.ts';
import type { Progress } from './progress.ts';
import type { Reading } from './reading.ts';

/** What a canary does to the cluster. Everything may be done again. */
export type CanaryCluster = {
  /** The canary that there is, with its progress. */
  find(): Promise<{ progress: Progress; runs(version: Version): boolean } | undefined>;
  /** The revision of the stable version, and whether it is `version`. */
  stable(version: Version): Promise<{ revision: string; isVersion: boolean }>;
  /** Applies the migrations of a version, which only add. Rejects with the last lines of its log when they fail. */
  migrate(version: Version): Promise<void>;
  /** Creates the canary, without any calls for it. */
  create(version: Version, progress: Progress): Promise<void>;
  /** Stores the progress with the canary. */
  save(progress: Progress): Promise<void>;
  /** Rejects when the canary's pods are not ready in time, with the last lines of their logs. */
  untilReady(): Promise<void>;
  /** Resolves once the proxies have had the time to take the share over. */
  share(share: CanaryShare): Promise<void>;
  read(): Promise<Reading>;
  /** Lets the canary take what exists once. */
  passRole(): Promise<void>;
  /** Rolls the stable version over to `version`, and waits for it. */
  updateStable(version: Version): Promise<void>;
  /** Rolls the stable version back to what it was when the canary began. */
  restoreStable(revision: string): Promise<void>;
  /** Deletes the canary and waits until its pods have ended. */
  remove(): Promise<void>;
};
