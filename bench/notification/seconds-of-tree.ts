import { listProcesses, treeOf } from '../system/processes.ts';

/** Processor time of a process and all below it since it began, in seconds, with its children that have ended: connections come and go. */
export function secondsOfTree(root: number): number {
  const processes = listProcesses();
  const running = treeOf(root, processes).reduce((sum, pid) => sum + (processes.get(pid)?.cpuSeconds ?? 0), 0);
  return running + (processes.get(root)?.endedChildrenSeconds ?? 0);
}
