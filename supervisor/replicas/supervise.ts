import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, describeExit, type ExitStatus, spawnChild } from './child.ts';
import { HOST, type Launch } from './launch-plan.ts';
import { elapsedSince, type Output } from './output.ts';
import { waitUntilReady } from './readiness.ts';
import { createRestartPolicy, type RestartPolicy } from './restart-policy.ts';
import { StartError } from './start-error.ts';

/** Keeps the replicas running. */
export type Supervisor = {
  /** Resolves when every replica has been ready once. */
  readonly allReady: Promise<void>;
  /** Rejects with a StartError when a replica cannot be kept running; never resolves. */
  readonly failed: Promise<never>;
  /** Drains and ends all replicas, stage by stage. */
  stop(): Promise<void>;
  /** Ends all replicas at once. */
  kill(): void;
};

/** What a supervisor needs to know. */
export type SupervisorOptions = {
  launches: readonly Launch[];
  output: Output;
  /** Called with all running replicas whenever one was started. */
  onChange: (children: readonly Child[]) => void;
  /** When the whole start began, by performance.now(); progress is told from then. */
  startTimeMs: number;
  /** How long all replicas together may take to be ready. */
  readyTimeoutMs?: number;
};

// A service drains for at most 10 s; see #platform/lifecycle.
const STOP_GRACE_MS = 15_000;
const READY_TIMEOUT_MS = 120_000;
const WAITING_INTERVAL_MS = 5_000;

/** Starts every launch at once and supervises it; see Supervisor for what becomes of that. */
export function superviseAll(options: SupervisorOptions): Supervisor {
  const run = createRun(options);
  for (const launch of options.launches) startReplica(run, launch);
  const allReady = awaitAllReady(run).then(() => {
    run.phase = 'running';
  });
  allReady.catch(() => {});
  return {
    allReady,
    failed: run.failure.promise,
    stop: () => stopAll(run),
    kill: () => {
      run.stopping.abort();
      for (const child of run.children.values()) child.kill();
    },
  };
}

type Run = {
  options: SupervisorOptions;
  phase: 'starting' | 'running';
  startTimeMs: number;
  children: Map<string, Child>;
  policies: Map<string, RestartPolicy>;
  stopping: AbortController;
  failure: PromiseWithResolvers<never>;
};

function createRun(options: SupervisorOptions): Run {
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});
  return {
    options,
    phase: 'starting',
    startTimeMs: options.startTimeMs,
    children: new Map(),
    policies: new Map(options.launches.map((launch) => [replicaName(launch), createRestartPolicy()])),
    stopping: new AbortController(),
    failure,
  };
}

function startReplica(run: Run, launch: Launch): void {
  const name = replicaName(launch);
  try {
    const child = spawnChild(launch, (message) => run.options.output.line(`  ${name}: fatal: ${message}`));
    run.children.set(name, child);
    run.options.onChange([...run.children.values()]);
    child.ended.then((status) => onEnded(run, child, status)).catch(run.failure.reject);
  } catch (error) {
    run.failure.reject(error);
  }
}

async function onEnded(run: Run, child: Child, status: ExitStatus): Promise<void> {
  const name = replicaName(child.launch);
  run.children.delete(name);
  if (run.stopping.signal.aborted) return;
  if (run.phase === 'starting') {
    throw new StartError(`${name} ended before it was ready (${describeExit(status)})`, {
      details: describeLog(child),
    });
  }
  const decision = run.policies.get(name)?.onDeath(performance.now());
  if (decision?.action !== 'restart') {
    const deaths = `${decision?.deathsPerMinute ?? 1} times within a minute`;
    throw new StartError(`${name} ended ${deaths}, last with ${describeExit(status)}; everything is stopped`, {
      details: describeLog(child),
    });
  }
  run.options.output.line(`  ${name} ended (${describeExit(status)}); starting it again`);
  await sleep(decision.delayMs, undefined, { signal: run.stopping.signal }).catch(() => {});
  if (run.stopping.signal.aborted) return;
  const startTimeMs = performance.now();
  startReplica(run, child.launch);
  reportReady(run, child.launch, startTimeMs);
}

async function awaitAllReady(run: Run): Promise<void> {
  const waiting = new Set(run.options.launches);
  const timeout = AbortSignal.timeout(run.options.readyTimeoutMs ?? READY_TIMEOUT_MS);
  const signal = AbortSignal.any([timeout, run.stopping.signal]);
  const progress = setInterval(() => {
    run.options.output.line(
      `  waiting for ${[...waiting].map(replicaName).join(', ')} (${elapsedSince(run.startTimeMs)})`,
    );
  }, WAITING_INTERVAL_MS);
  await Promise.all(
    run.options.launches.map(async (launch) => {
      if (!(await waitUntilReady({ host: HOST, port: launch.adminPort, signal }))) return;
      waiting.delete(launch);
      run.options.output.progress(replicaName(launch), elapsedSince(run.startTimeMs));
    }),
  ).finally(() => clearInterval(progress));
  if (timeout.aborted && waiting.size > 0) run.failure.reject(notReady(run, [...waiting]));
  if (waiting.size > 0) await run.failure.promise;
}

function reportReady(run: Run, launch: Launch, startTimeMs: number): void {
  const signal = AbortSignal.any([AbortSignal.timeout(READY_TIMEOUT_MS), run.stopping.signal]);
  void waitUntilReady({ host: HOST, port: launch.adminPort, signal }).then((ready) => {
    if (ready) run.options.output.line(`  ${replicaName(launch)} is ready again after ${elapsedSince(startTimeMs)}`);
  });
}

async function stopAll(run: Run): Promise<void> {
  run.stopping.abort();
  for (const stage of [1, 2, 3] as const) {
    const children = [...run.children.values()].filter((child) => child.launch.stopStage === stage);
    await Promise.all(children.map((child) => child.stop(STOP_GRACE_MS)));
  }
}

function notReady(run: Run, waiting: readonly Launch[]): StartError {
  const [first] = waiting;
  const child = first && run.children.get(replicaName(first));
  const names = waiting.map(replicaName).join(', ');
  return new StartError(`not ready after ${elapsedSince(run.startTimeMs)}: ${names}`, {
    details: child ? describeLog(child) : [],
  });
}

function describeLog(child: Child): string[] {
  return [...child.tail(), `(log: ${child.launch.logPath})`];
}

// The first replica carries the service's plain name: most people never run a second.
function replicaName({ name, replica }: Launch): string {
  return replica === 0 ? name : `${name}-${replica}`;
}
