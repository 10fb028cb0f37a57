/** The processes of the machine, from /proc. One that ends while it is read is left out. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** One process. */
export type ProcessEntry = {
  pid: number;
  parentPid: number;
  /** Processor time since it began, user and system together, in seconds. */
  cpuSeconds: number;
  /** That of its children that have ended. */
  endedChildrenSeconds: number;
};

// USER_HZ, which is 100 in every Linux that user programs see.
const ticksPerSecond = 100;
const kibPerMib = 1_024;

/** Throws with one line where there is no /proc to read from. */
export function requireProc(): void {
  if (!existsSync('/proc/self/smaps_rollup'))
    throw new Error('memory and processor time are read from /proc: Linux only');
}

/** Every process of the machine, by pid. */
export function listProcesses(): Map<number, ProcessEntry> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids
      .map((pid) => readProcess(Number(pid)))
      .filter((entry) => entry !== undefined)
      .map((entry) => [entry.pid, entry]),
  );
}

/** One process; undefined when none has this pid. */
export function readProcess(pid: number): ProcessEntry | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field, the command's name, may hold spaces and brackets: fields are counted from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const cpuTicks = Number(fields[11]) + Number(fields[12]);
  const childTicks = Number(fields[13]) + Number(fields[14]);
  return {
    pid,
    parentPid: Number(fields[1]),
    cpuSeconds: cpuTicks / ticksPerSecond,
    endedChildrenSeconds: childTicks / ticksPerSecond,
  };
}

/** The pids of a process and all its descendants; empty when it does not run. */
export function treeOf(root: number, processes: ReadonlyMap<number, ProcessEntry>): number[] {
  const children = Map.groupBy(processes.values(), ({ parentPid }) => parentPid);
  const found = processes.has(root) ? [root] : [];
  for (const pid of found) found.push(...(children.get(pid) ?? []).map((entry) => entry.pid));
  return found;
}

/** Proportional set size in MiB: private memory, and a share of what other processes use too. 0 when the process has ended. */
export function pssMib(pid: number): number {
  const kib = /^Pss: +(\d+) kB$/m.exec(readText(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return Number(kib ?? 0) / kibPerMib;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
