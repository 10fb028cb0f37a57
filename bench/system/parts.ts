/** The processes of a running system, told apart. */
import type { RunFile } from '../../supervisor/index.ts';
import { listProcesses, pssMib, treeOf } from './processes.ts';

/** One part of the system with its processes. */
export type Part = { name: string; pids: number[] };

/** Services by name (`order`, a second replica `order-1`), then `postgres` with all its processes, then `supervisor`. */
export function partsOf(run: RunFile): Part[] {
  const services = run.processes.map(({ name, replica, pid }) => ({
    name: replica === 0 ? name : `${name}-${replica}`,
    pids: [pid],
  }));
  const postgres = run.postgres ? [{ name: 'postgres', pids: treeOf(run.postgres.pid, listProcesses()) }] : [];
  return [...services, ...postgres, { name: 'supervisor', pids: [run.supervisor.pid] }];
}

/** Memory of each part in MiB, PSS. */
export function measureMemory(run: RunFile): Map<string, number> {
  return new Map(partsOf(run).map(({ name, pids }) => [name, sum(pids.map(pssMib))]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
