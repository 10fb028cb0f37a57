import type { Sample } from './prometheus-text.ts';
import { callsOf, orderTallies, rpcTallies, type Side, type Tallies, talliesSince } from './tallies.ts';
import type { Evidence } from './verdict.ts';

/** What the metrics of all processes that matter said at one moment; each list has the samples of one process. */
export type Reading = {
  canary: Sample[][];
  stable: Sample[][];
  orders: Sample[][];
  audits: Sample[][];
  /** Restarts of the canary's containers. */
  restarts: number;
};

const memory = 'process_resident_memory_bytes';
const lag = 'nodejs_eventloop_lag_p50_seconds';

/** Which service is judged. */
export type Judged = { service: string };

/** The evidence of a step: `began` was read when the command began to watch, `step` when the step did. */
export function evidenceOf(
  judged: Judged,
  readings: { began: Reading; step: Reading; now: Reading },
  elapsedMs: number,
): Evidence {
  const { began, step, now } = readings;
  const audit = auditOf(now);
  return {
    canary: new Map([...talliesOf(judged, now.canary), ...compensations(judged, began, now)]),
    stable: talliesSince(talliesOf(judged, now.stable), talliesOf(judged, began.stable)),
    stableBefore: new Map([...talliesOf(judged, now.stable), ...compensations(judged, undefined, began)]),
    callsOfStep: callCount(judged, now) - callCount(judged, step),
    elapsedMs,
    restarts: now.restarts,
    memoryBytes: { canary: mostOf(now.canary, memory), stable: mostOf(now.stable, memory) },
    lagSeconds: { canary: mostOf(now.canary, lag), stable: mostOf(now.stable, lag) },
    newFindings: Math.max(0, audit.findings - auditOf(began).findings),
    isAudited: now.audits.length === 0 || audit.completedSeconds > auditOf(step).completedSeconds,
  };
}

/** What the processes of one version did. The gateway is judged by the calls that it makes for people. */
export function talliesOf({ service }: Judged, processes: readonly Sample[][]): Tallies {
  const samples = processes.flat();
  return new Map([...rpcTallies(samples, sideOf(service)), ...(service === 'order' ? orderTallies(samples) : [])]);
}

function callCount({ service }: Judged, { canary }: Reading): number {
  const counts = callsOf(canary.flat(), sideOf(service)).values();
  return [...counts].reduce((total, count) => total + count, 0);
}

/**
 * Orders that had to be compensated, whichever service is tried: before the canary and since. What was refused or filled depends on what people
 * want, and is compared between the versions of the order service alone.
 */
function compensations({ service }: Judged, before: Reading | undefined, now: Reading): Tallies {
  if (service === 'order') return new Map();
  const what = 'orders compensated';
  const read = (reading: Reading) =>
    new Map([...orderTallies(reading.orders.flat())].filter(([name]) => name === what));
  return before === undefined ? read(now) : talliesSince(read(now), read(before));
}

/** The last light pass, by the process of the audit that completed it. */
export function auditOf({ audits }: Reading): { findings: number; completedSeconds: number } {
  const passes = audits.map((samples) => {
    const value = (name: string) =>
      samples.find((sample) => sample.name === name && sample.labels.kind === 'light')?.value ?? 0;
    return {
      findings: value('outcry_audit_findings'),
      completedSeconds: value('outcry_audit_completed_timestamp_seconds'),
    };
  });
  const newest = passes.toSorted((one, other) => other.completedSeconds - one.completedSeconds)[0];
  return newest ?? { findings: 0, completedSeconds: 0 };
}

/** The most of a metric that a process has; 0 where none has it. */
function mostOf(processes: readonly Sample[][], metric: string): number {
  const found = processes.flat().filter(({ name }) => name === metric);
  return Math.max(0, ...found.map(({ value }) => value));
}

function sideOf(service: string): Side {
  return service === 'gateway' ? 'client' : 'server';
}
