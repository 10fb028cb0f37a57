import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listProcesses, pssMib, readProcess, treeOf } from './processes.ts';

const isLinux = existsSync('/proc/self/smaps_rollup');

describe('treeOf', () => {
  it('returns the process and all its descendants, and no other', () => {
    const entries = [
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 3],
      [5, 99],
    ].map(([pid = 0, parentPid = 0]) => [pid, { pid, parentPid, cpuSeconds: 0, endedChildrenSeconds: 0 }] as const);
    expect(treeOf(1, new Map(entries)).sort()).toEqual([1, 2, 3, 4]);
    expect(treeOf(7, new Map(entries))).toEqual([]);
  });
});

describe.runIf(isLinux)('readProcess', () => {
  it('reads the parent and the processor time of a running process', async () => {
    const child = spawn(process.execPath, [
      '-e',
      'while (process.cpuUsage().user < 300_000); console.log(1); setInterval(() => {}, 1000)',
    ]);
    try {
      await once(child.stdout, 'data');
      const entry = readProcess(child.pid ?? 0);
      expect(entry?.parentPid).toBe(process.pid);
      expect(entry?.cpuSeconds).toBeGreaterThan(0.1);
      expect(treeOf(process.pid, listProcesses())).toContain(child.pid);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('returns undefined, and no memory, for a process that does not run', () => {
    expect(readProcess(2 ** 30)).toBeUndefined();
    expect(pssMib(2 ** 30)).toBe(0);
  });
});

describe.runIf(isLinux)('pssMib', () => {
  it('is what this process has at least', () => {
    expect(pssMib(process.pid)).toBeGreaterThan(10);
  });
});
