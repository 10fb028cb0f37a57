import type { Launch } from '../plan/launch-plan.ts';
import type { RestartLimits } from '../processes/restart-policy.ts';
import type { OnFailing } from '../processes/restarts.ts';
import { elapsedSince, type Output } from '../terminal/output.ts';
import { StartError } from '../terminal/start-error.ts';
import type { Child } from './child.ts';
import { replicaName, runReplica } from './run-replica.ts';

/** All replicas, each started again whenever it ends. */
export type Supervisor = {
  /**
   * Resolves when every replica has been ready once. Rejects with a StartError when one ends before, or is not ready in time. Later
   * ends of a replica concern that replica only.
   */
  readonly allReady: Promise<void>;
  /** Drains and ends all replicas, stage by stage. */
  stop(): Promise<void>;
  /** Ends all replicas at once. */
  kill(): void;
};

/** What a supervisor needs to know. */
export type SupervisorOptions = {
  launches: readonly Launch[];
  restartLimits: RestartLimits;
  output: Output;
  /** Called with all running replicas whenever one was started or has ended. */
  onChange: (children: readonly Child[]) => void;
  onFailing: OnFailing;
  /** When the whole start began, by performance.now(); progress is shown from then. */
  startTimeMs: number;
};

// A service drains for at most 10 s; see #platform/lifecycle.
const stopGraceMs = 15_000;
// How long all replicas together may take to be ready.
const readyTimeoutMs = 120_000;
const waitingIntervalMs = 5_000;

/** Starts every launch at once and supervises it. */
export function superviseAll(options: SupervisorOptions): Supervisor {
  const children = new Map<Launch, Child>();
  const stopping = new AbortController();
  const waiting = new Set(options.launches);
  const failure = Promise.withResolvers<never>();
  const ready = Promise.withResolvers<void>();

  const run = (launch: Launch): Promise<void> =>
    runReplica({
      ...options,
      launch,
      limits: options.restartLimits,
      signal: stopping.signal,
      onChild: (child) => {
        if (child) children.set(launch, child);
        else children.delete(launch);
        options.onChange([...children.values()]);
      },
      onFirstReady: () => {
        waiting.delete(launch);
        options.output.progress(replicaName(launch), elapsedSince(options.startTimeMs));
        if (waiting.size === 0) ready.resolve();
      },
    }).catch(failure.reject);

  const runs = options.launches.map(run);
  const describeLate = (): StartError => {
    const [first] = waiting;
    const names = [...waiting].map(replicaName).join(', ');
    const details = first ? [...(children.get(first)?.tail() ?? []), `(log: ${first.logPath})`] : [];
    return new StartError(`not ready after ${elapsedSince(options.startTimeMs)}: ${names}`, { details });
  };
  watchStart(options, { waiting, stopping: stopping.signal, onLate: () => failure.reject(describeLate()) });
  const allReady = Promise.race([ready.promise, failure.promise]);
  allReady.catch(() => {});
  failure.promise.catch(() => {});
  return {
    allReady,
    async stop() {
      stopping.abort();
      for (const stage of [1, 2, 3] as const) {
        const inStage = [...children.values()].filter(({ launch }) => launch.stopStage === stage);
        await Promise.all(inStage.map((child) => child.stop(stopGraceMs)));
      }
      await Promise.all(runs);
    },
    kill() {
      stopping.abort();
      for (const child of children.values()) child.kill();
    },
  };
}

type StartWatch = {
  /** Those that were not ready yet. */
  waiting: ReadonlySet<Launch>;
  stopping: AbortSignal;
  onLate: () => void;
};

// Says from time to time what the start waits for, and when it took too long.
function watchStart(options: SupervisorOptions, { waiting, stopping, onLate }: StartWatch): void {
  const { output, startTimeMs } = options;
  const progress = setInterval(() => {
    if (waiting.size === 0 || stopping.aborted) return end();
    const names = [...waiting].map(replicaName).join(', ');
    output.line(`  waiting for ${names} (${elapsedSince(startTimeMs)})`);
  }, waitingIntervalMs);
  const timer = setTimeout(() => {
    end();
    if (waiting.size > 0 && !stopping.aborted) onLate();
  }, readyTimeoutMs);
  const end = (): void => {
    clearInterval(progress);
    clearTimeout(timer);
  };
}
