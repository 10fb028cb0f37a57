import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { identifyProcess, isRunning, signalProcess } from './process-identity.ts';

describe('identifyProcess', () => {
  it('names this process the same each time', () => {
    const identity = identifyProcess(process.pid);
    expect(identity?.startTime).toMatch(/^\S/);
    expect(identifyProcess(process.pid)).toEqual(identity);
  });

  it('knows no process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(identifyProcess(child.pid ?? 0)).toBeUndefined();
  });
});

describe('signalProcess', () => {
  it('ends the process that is meant, and no other with its pid', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const identity = identifyProcess(child.pid ?? 0);
    if (!identity) throw new Error('the child did not start');
    signalProcess({ ...identity, startTime: 'another' }, 'SIGKILL');
    expect(isRunning(identity)).toBe(true);
    signalProcess(identity, 'SIGKILL');
    await once(child, 'exit');
    expect(isRunning(identity)).toBe(false);
    signalProcess(identity, 'SIGKILL');
  });
});
