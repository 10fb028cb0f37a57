/** Records the points that each step of the day passes in each process. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosSystem } from '../system/chaos-system.ts';
import type { DayClient } from './client.ts';
import { daySteps } from './day.ts';

/** A point of a step at which a process ends. */
export type CrashPoint = {
  step: string;
  /** Whose code passes the point, such as `order-0`. */
  process: string;
  label: string;
  /** Whether the process itself ends, or the one that it calls. */
  victim: 'caller' | 'callee';
};

const idleMs = 5_000;
const settleMs = 1_500;
/** Calls and commits that go on while nothing is asked for belong to no step. */
const background = /\/(Follow|Watch|Stream\w+) |^transaction begins$/;

/** Runs the day once. The points are in the order of the steps, then of the processes and their code. */
export async function recordDay({ control }: ChaosSystem, client: DayClient, symbol: string): Promise<CrashPoint[]> {
  let seen = new Map<string, Set<string>>();
  control.onReport(({ name, point }) => {
    if (point === undefined || background.test(point)) return;
    const labels = seen.get(name) ?? new Set();
    seen.set(name, labels.add(point));
  });
  await sleep(idleMs);
  const idle = seen;
  const points: CrashPoint[] = [];
  for (const { name: step, prepare } of daySteps) {
    const act = await prepare(client, symbol);
    await sleep(settleMs);
    seen = new Map();
    await act();
    await sleep(settleMs);
    for (const [process, labels] of seen)
      for (const label of labels.difference(idle.get(process) ?? new Set()))
        points.push(...victimsAt(label).map((victim): CrashPoint => ({ step, process, label, victim })));
  }
  return points;
}

/** A commit ends its own process; a call ends the caller, and once again the callee. */
function victimsAt(label: string): CrashPoint['victim'][] {
  return label.startsWith('call ') ? ['caller', 'callee'] : ['caller'];
}

/** The service that a call goes to. */
export function calleeOf(label: string): string {
  return /^call \/outcry\.(\w+)\./.exec(label)?.[1] ?? '';
}
