/** Processor time of some work: of each part of the system, of this process, and of everything else on the machine. */
import { readFileSync } from 'node:fs';
import type { Part } from './parts.ts';
import { listProcesses } from './processes.ts';

/** Cores that were busy on average, 1 being one core all the time. */
export type Cores = {
  durationMs: number;
  /** By part of the system. */
  parts: Map<string, number>;
  /** All parts together. */
  system: number;
  /** This process: the generator of the load. */
  generator: number;
  /** Everything else on the machine. Well above 0, figures of this time cannot be compared. */
  others: number;
};

// USER_HZ, as in processes.ts.
const ticksPerSecond = 100;

/** Runs the work and returns its processor time. `listParts` is called before and after, as processes come and go. */
export async function measureCores(listParts: () => readonly Part[], work: () => Promise<void>): Promise<Cores> {
  const before = readClocks(listParts());
  await work();
  const after = readClocks(listParts());
  const durationMs = after.timeMs - before.timeMs;
  const coresOf = (seconds: number) => (1_000 * seconds) / durationMs;
  // The time of a PostgreSQL process that has ended is gone from /proc: the difference may be negative.
  const parts = new Map(
    [...after.parts].map(([name, seconds]) => [name, coresOf(Math.max(0, seconds - (before.parts.get(name) ?? 0)))]),
  );
  const system = [...parts.values()].reduce((sum, cores) => sum + cores, 0);
  const generator = coresOf(after.ownSeconds - before.ownSeconds);
  const others = Math.max(0, coresOf(after.machineSeconds - before.machineSeconds) - system - generator);
  return { durationMs, parts, system, generator, others };
}

/** Seconds that all cores together were busy since the machine began, from the first line of /proc/stat. */
export function parseBusySeconds(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] =
    stat.split('\n', 1)[0]?.trim().split(/ +/).slice(1).map(Number) ?? [];
  return (user + nice + system + irq + softirq) / ticksPerSecond;
}

function readClocks(parts: readonly Part[]) {
  const processes = listProcesses();
  const secondsOf = (pids: number[]) => pids.reduce((sum, pid) => sum + (processes.get(pid)?.cpuSeconds ?? 0), 0);
  const { user, system } = process.cpuUsage();
  return {
    timeMs: performance.now(),
    parts: new Map(parts.map(({ name, pids }) => [name, secondsOf(pids)])),
    ownSeconds: (user + system) / 1e6,
    machineSeconds: parseBusySeconds(readFileSync('/proc/stat', 'utf8')),
  };
}
