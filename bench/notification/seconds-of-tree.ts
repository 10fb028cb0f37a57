import { readFileSync } from 'node:fs';
import { listProcesses, treeOf } from '../system/processes.ts';

// USER_HZ, as in ../system/processes.ts.
const ticksPerSecond = 100;

/** Processor time of a process and all below it since it began, in seconds, with its children that have ended: connections come and go. */
export function secondsOfTree(root: number): number {
  const processes = listProcesses();
  const running = treeOf(root, processes).reduce((sum, pid) => sum + (processes.get(pid)?.cpuSeconds ?? 0), 0);
  const stat = readFileSync(`/proc/${root}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return running + (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
}
