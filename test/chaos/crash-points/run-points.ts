/** Ends a process at each crash point of a day, one after another, in one system, and judges the system now and then. */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findReplica, isReady, until } from '../faults/victims.ts';
import type { Finding } from '../judge/finding.ts';
import { judge } from '../judge/judge.ts';
import { untilQuiet } from '../judge/quiet.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import { type Market, openMarket } from '../traffic/open-market.ts';
import { createDayClient, type DayClient } from './client.ts';
import { daySteps } from './day.ts';
import { patternOf } from './points.ts';
import { type CrashPoint, calleeOf, recordDay } from './record-day.ts';

/** How the enumeration went. */
export type PointsResult = {
  /** All points of the day. */
  total: number;
  /** Points at which a process was ended. */
  reached: number;
  /** Points that the repeated step did not pass, such as the second call of a group that was one call this time. */
  missed: CrashPoint[];
  findings: Finding[];
};

/** How to enumerate. */
export type PointsOptions = {
  target: ChaosSystem;
  /** Every so many points, 1 for all. */
  every: number;
  /** The first point, from 0. */
  first?: number;
  signal: AbortSignal;
  onProgress: (text: string) => void;
};

const quietTimeoutMs = 60_000;
const readyTimeoutMs = 60_000;
const judgedAfter = 25;

/** Runs it. Each step must have one outcome, and the system must be right after every few points and at the end. */
export async function runPoints(options: PointsOptions): Promise<PointsResult> {
  const { target, every, first = 0, signal, onProgress } = options;
  const market = await openMarket(target.system, { users: 2, symbols: 1 });
  using client = createDayClient(target.system.gatewayUrls, market);
  const symbol = market.symbols[0] ?? '';
  const points = await recordDay(target, client, symbol);
  const chosen = points.filter((_, index) => index % every === first % every);
  onProgress(`${points.length} crash points in ${daySteps.length} steps; ${chosen.length} are taken`);
  const result: PointsResult = { total: points.length, reached: 0, missed: [], findings: [] };
  for (const [index, point] of chosen.entries()) {
    signal.throwIfAborted();
    const isReached = await endAt(target, client, { point, symbol });
    onProgress(`${index + 1}/${chosen.length} ${isReached ? 'ended' : 'not passed'}: ${describePoint(point)}`);
    if (isReached) result.reached += 1;
    else result.missed.push(point);
    if ((index + 1) % judgedAfter === 0) result.findings.push(...(await judgeDay(target, client, market)));
  }
  result.findings.push(...(await judgeDay(target, client, market)));
  return result;
}

/** A point in words. */
export function describePoint({ step, process, label, victim }: CrashPoint): string {
  return `${step}: ${process} at ${label}, ${victim === 'caller' ? 'itself' : 'its callee'}`;
}

/** Repeats the step of a point. Resolves to whether the point was passed. */
async function endAt(
  target: ChaosSystem,
  client: DayClient,
  { point, symbol }: { point: CrashPoint; symbol: string },
): Promise<boolean> {
  await untilAllReady(target);
  const step = daySteps.find(({ name }) => name === point.step);
  if (step === undefined) throw new Error(`no step is called ${point.step}`);
  const act = await step.prepare(client, symbol);
  const file = join(target.folder, 'points.txt');
  await appendFile(file, '');
  const before = await readFile(file, 'utf8');
  const pids = point.victim === 'caller' ? [] : pidsOf(target, calleeOf(point.label));
  const armed = { pattern: patternOf(point.label), action: 'kill' as const, pids, file };
  await target.control.send(point.process, { point: armed });
  await act();
  // Follow-up work of the step may pass the point a little later.
  const isReached = async () => (await readFile(file, 'utf8')) !== before;
  await until('the point is passed', 1_000, isReached).catch(() => {});
  if (await isReached()) return true;
  await target.control.send(point.process, { point: { ...armed, pattern: '' } }).catch(() => {});
  return false;
}

function pidsOf({ system }: ChaosSystem, service: string): number[] {
  return system
    .run()
    .processes.filter(({ name }) => name === service)
    .map(({ pid }) => pid);
}

async function untilAllReady({ system, control }: ChaosSystem): Promise<void> {
  const names = Object.entries(system.run().replicas).flatMap(([name, count]) =>
    Array.from({ length: count }, (_, replica) => `${name}-${replica}`),
  );
  for (const name of names)
    await until(
      `${name} is ready`,
      readyTimeoutMs,
      async () => control.isConnected(name) && (await isReady(findReplica(system.run(), name))),
    );
}

async function judgeDay(target: ChaosSystem, { operations }: DayClient, market: Market): Promise<Finding[]> {
  const open = await untilQuiet(target.system, () => 0, quietTimeoutMs);
  const late = open.map((detail) => ({ rule: 'quiet-in-time', subject: 'never quiet', detail }));
  return [...late, ...(await judge(target.system, { market, operations }))];
}
