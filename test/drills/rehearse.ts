/** One drill: the fault, the alert, what the doctor says, and what holds afterwards. */
import { setTimeout as sleep } from 'node:timers/promises';
import { examine } from '../../scripts/doctor/index.ts';
import type { ChaosSystem } from '../chaos/system/chaos-system.ts';
import { beginFault } from './begin-fault.ts';
import type { LocalDrill } from './fault.ts';
import { type Alert, type Prometheus, startPrometheus } from './prometheus.ts';
import type { Scene } from './scene.ts';

/** How a drill went. */
export type Rehearsal = {
  name: string;
  /** From the fault to the last of the alerts that must fire, in s; undefined: not all of them fired in time. */
  alertSeconds: number | undefined;
  /** From the fault to the doctor's finding, in s; undefined: it did not find it within a minute. */
  doctorSeconds: number | undefined;
  /** What went wrong; empty: nothing. */
  problems: string[];
};

/** What to look at. */
export type RehearseOptions = {
  /** Whether alerts are evaluated, by the Prometheus of this machine; default true. */
  alerts?: boolean;
  /** Whether the doctor is asked; default true. */
  doctor?: boolean;
  /** Aborts to end the drill early: the fault is ended, and nothing is judged. */
  signal?: AbortSignal;
};

const warmUpMs = 4_000;
const lookMs = 500;
const doctorSecondsMax = 60;
const settleTimeoutMs = 60_000;
const upTimeoutMs = 60_000;
const haltTimeoutMs = 60_000;

/** Rehearses a drill. Rejects when it cannot be begun at all. */
export async function rehearse(scene: Scene, drill: LocalDrill, options: RehearseOptions = {}): Promise<Rehearsal> {
  await using prometheus = options.alerts === false ? undefined : await watch(scene.target);
  const traffic = await scene.trade();
  await sleep(warmUpMs);
  const end = await beginFault(scene.target, drill.fault);
  const startMs = performance.now();
  const [seen, doctorSeconds] = await Promise.all([
    prometheus === undefined
      ? { seconds: undefined, others: [] }
      : untilFiring(prometheus, drill, startMs, options.signal),
    options.doctor === false ? undefined : untilNamed(scene.target, drill, startMs, options.signal),
  ]).finally(async () => {
    await end();
    await traffic.finish(settleTimeoutMs);
  });
  options.signal?.throwIfAborted();
  const problems = [
    ...(prometheus !== undefined && drill.alerts.length > 0 && seen.seconds === undefined
      ? [`${drill.alerts.join(', ')} did not fire within ${drill.withinSeconds} s`]
      : []),
    ...seen.others.map((alert) => `${alert} fired as well`),
    ...(options.doctor !== false && drill.finding !== undefined && doctorSeconds === undefined
      ? [`the doctor did not find ${drill.finding.code} within ${doctorSecondsMax} s`]
      : []),
    ...(await judgeInvariant(scene, drill)),
  ];
  return { name: drill.name, alertSeconds: seen.seconds, doctorSeconds, problems };
}

async function watch({ system }: ChaosSystem): Promise<Prometheus> {
  await using stack = new AsyncDisposableStack();
  const ports = system.run().processes.map(({ adminPort }) => adminPort);
  const prometheus = stack.use(await startPrometheus(ports));
  for (const deadlineMs = performance.now() + upTimeoutMs; ; await sleep(lookMs)) {
    if ((await prometheus.upCount()) === ports.length) break;
    if (performance.now() > deadlineMs) throw new Error('not every process answers Prometheus');
  }
  const started = stack.move();
  return { ...prometheus, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

type Seen = { seconds: number | undefined; others: string[] };

/** Looks until all alerts of the drill fire, or its time is over; a drill without alerts is looked at for all of its time. */
async function untilFiring(
  prometheus: Prometheus,
  drill: LocalDrill,
  startMs: number,
  signal?: AbortSignal,
): Promise<Seen> {
  const fired = new Map<string, string>();
  let seconds: number | undefined;
  while (seconds === undefined && secondsSince(startMs) < drill.withinSeconds && !signal?.aborted) {
    await sleep(lookMs);
    for (const alert of await prometheus.alerts()) if (alert.state === 'firing') fired.set(alert.name, describe(alert));
    if (drill.alerts.length > 0 && drill.alerts.every((name) => fired.has(name))) seconds = secondsSince(startMs);
  }
  const known = new Set([...drill.alerts, ...drill.also]);
  return { seconds, others: [...fired].flatMap(([name, text]) => (known.has(name) ? [] : [text])) };
}

/** An alert with what it is about: `FeedBehind (feed exchange.0, service_name market)`. */
function describe({ name, labels }: Alert): string {
  const own = Object.entries(labels).filter(([label]) => label !== 'alertname' && label !== 'severity');
  return `${name} (${own.map(([label, value]) => `${label} ${value}`).join(', ')})`;
}

async function untilNamed(
  { system }: ChaosSystem,
  drill: LocalDrill,
  startMs: number,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const { finding } = drill;
  if (finding === undefined) return undefined;
  while (secondsSince(startMs) < doctorSecondsMax && !signal?.aborted) {
    const found = await examine({ data: system.dataDirectory, expectsSystem: true });
    if (found.some(({ code, subject }) => code === finding.code && finding.subject.test(subject)))
      return secondsSince(startMs);
  }
  return undefined;
}

async function judgeInvariant(scene: Scene, { invariant }: LocalDrill): Promise<string[]> {
  if (invariant === 'halted') return judgeHalted(scene.target);
  const findings = await scene.judge();
  if (invariant === 'named')
    return findings.some(({ rule }) => rule.startsWith('audit ')) ? [] : ['the audit names no row'];
  return findings.map(({ rule, subject, detail }) => `${rule}: ${subject}: ${detail}`);
}

/** Whether what settles, and what follows orders, has halted. */
async function judgeHalted({ system }: ChaosSystem): Promise<string[]> {
  const expected = ['ledger-0/exchange.0', 'order-0/exchange.0'];
  let missing = expected;
  for (const startMs = performance.now(); missing.length > 0 && performance.now() - startMs < haltTimeoutMs; ) {
    const found = await examine({ data: system.dataDirectory, expectsSystem: true });
    const halted = found.filter(({ code }) => code === 'feed-halted').map(({ subject }) => subject);
    missing = expected.filter((subject) => !halted.includes(subject));
  }
  return missing.map((subject) => `${subject} has not halted`);
}

function secondsSince(startMs: number): number {
  return (performance.now() - startMs) / 1_000;
}
