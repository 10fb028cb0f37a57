/** Processor time of every part of the system since it began, PostgreSQL's by database. */
import { readFileSync } from 'node:fs';
import type { RunningSystem } from '../../supervisor/testing/index.ts';
import { partsOf } from '../system/parts.ts';
import { listProcesses, treeOf } from '../system/processes.ts';

/** What PostgreSQL does for no single database, and connections that have ended. */
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

/** Reads the times. */
export function readProcessorTime(system: RunningSystem): ProcessorTime {
  const run = system.run();
  const processes = listProcesses();
  const services = new Map<string, number>();
  for (const { name, pids } of partsOf(run)) {
    if (name === 'postgres') continue;
    services.set(
      name,
      pids.reduce((sum, pid) => sum + (processes.get(pid)?.cpuSeconds ?? 0), 0),
    );
  }
  const databases = new Map<string, number>();
  const root = run.postgres?.pid ?? 0;
  for (const pid of treeOf(root, processes)) {
    const database = databaseOf(readTitle(pid));
    databases.set(database, (databases.get(database) ?? 0) + (processes.get(pid)?.cpuSeconds ?? 0));
  }
  const ended = processes.get(root)?.endedChildrenSeconds ?? 0;
  databases.set(sharedPostgres, (databases.get(sharedPostgres) ?? 0) + ended);
  return { timeMs: performance.now(), services, databases };
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
