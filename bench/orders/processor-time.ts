/** Processor time of every part of the system since it began, PostgreSQL's by database. */
import { readFileSync } from 'node:fs';
import { startInterval } from '#platform/time/timer.ts';
import type { RunningSystem } from '../../supervisor/testing/index.ts';
import { partsOf } from '../system/parts.ts';
import { listProcesses, type ProcessEntry, treeOf } from '../system/processes.ts';

/** What PostgreSQL does for no single database. */
export const sharedPostgres = 'shared';

/** Processor time in seconds. */
export type ProcessorTime = {
  /** When it was read, on the clock of `performance.now()`. */
  timeMs: number;
  /** By service, and `supervisor`. */
  services: Map<string, number>;
  /** By database without its prefix, and `shared`. */
  databases: Map<string, number>;
};

/** Reads processor times of one system. It looks at the connections meanwhile, since they end when they are idle. */
export type ProcessorClock = Disposable & { read(): ProcessorTime };

type Connection = { database: string; seconds: number };

const lookMs = 2_000;

/** Starts to look. */
export function startProcessorClock(system: RunningSystem): ProcessorClock {
  const seen = new Map<number, Connection>();
  const read = (): ProcessorTime => {
    const run = system.run();
    const processes = listProcesses();
    const secondsOf = (pid: number) => processes.get(pid)?.cpuSeconds ?? 0;
    const services = new Map<string, number>();
    for (const { name, pids } of partsOf(run)) {
      if (name !== 'postgres') services.set(name, sumOf(pids.map(secondsOf)));
    }
    const databases = readDatabases(run.postgres?.pid ?? 0, processes, seen);
    return { timeMs: performance.now(), services, databases };
  };
  const interval = startInterval(lookMs, read);
  return { read, [Symbol.dispose]: () => interval[Symbol.dispose]() };
}

function readDatabases(root: number, processes: Map<number, ProcessEntry>, seen: Map<number, Connection>) {
  const running = new Set(treeOf(root, processes));
  for (const pid of running) {
    const database = databaseOf(readTitle(pid));
    seen.set(pid, { database, seconds: processes.get(pid)?.cpuSeconds ?? 0 });
  }
  const databases = new Map<string, number>();
  for (const { database, seconds } of seen.values()) databases.set(database, (databases.get(database) ?? 0) + seconds);
  // The server counts all that has ended, also what came and went between two looks.
  const ended = sumOf([...seen].filter(([pid]) => !running.has(pid)).map(([, { seconds }]) => seconds));
  const unseen = Math.max(0, (processes.get(root)?.endedChildrenSeconds ?? 0) - ended);
  databases.set(sharedPostgres, (databases.get(sharedPostgres) ?? 0) + unseen);
  return databases;
}

/** The database in the title of a PostgreSQL process, such as `postgres: postgres outcry_order 127.0.0.1(34738) idle`. */
export function databaseOf(title: string): string {
  return /^postgres: (?:autovacuum worker|\S+) outcry_(\w+)/.exec(title)?.[1] ?? sharedPostgres;
}

function readTitle(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
