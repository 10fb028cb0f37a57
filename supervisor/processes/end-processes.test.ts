import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { endProcesses } from './end-processes.ts';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';

async function startIdle(script: string): Promise<{ child: ChildProcess; identity: ProcessIdentity }> {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('up'); setInterval(() => {}, 1000)`]);
  await once(child.stdout, 'data');
  const identity = identifyProcess(child.pid ?? 0);
  if (!identity) throw new Error('the child did not start');
  return { child, identity };
}

describe('endProcesses', () => {
  it('asks first and forces what does not listen', async () => {
    const gentle = await startIdle("process.on('SIGTERM', () => process.exit(0))");
    const deaf = await startIdle("process.on('SIGTERM', () => {})");
    const exits = [once(gentle.child, 'exit'), once(deaf.child, 'exit')];
    await endProcesses([gentle.identity, deaf.identity], { gentle: 'SIGTERM', hard: 'SIGKILL', graceMs: 300 });
    expect(await Promise.all(exits)).toEqual([
      [0, null],
      [null, 'SIGKILL'],
    ]);
  });

  it('leaves a process alone that was given the pid of one that ended', async () => {
    const { child, identity } = await startIdle('');
    await endProcesses([{ ...identity, startTime: '1' }], { gentle: 'SIGTERM', hard: 'SIGKILL', graceMs: 100 });
    expect(isRunning(identity)).toBe(true);
    child.kill('SIGKILL');
  });
});
