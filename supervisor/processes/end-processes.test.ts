import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { endProcesses } from './end-processes.ts';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';

async function startIdle(
  script: string,
): Promise<{ child: ChildProcessWithoutNullStreams; identity: ProcessIdentity }> {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('up'); setInterval(() => {}, 1000)`]);
  await once(child.stdout, 'data');
  const identity = identifyProcess(child.pid ?? 0);
  if (!identity) throw new Error('the child did not start');
  return { child, identity };
}

describe('endProcesses', () => {
  it('sends the gentle signal first, and the hard one to a process that ignores it', async () => {
    const gentle = await startIdle("process.on('SIGTERM', () => process.exit(0))");
    const deaf = await startIdle("process.on('SIGTERM', () => {})");
    const exits = [once(gentle.child, 'exit'), once(deaf.child, 'exit')];
    // The one that ends may take its time on a busy machine: it would be killed too after a short grace.
    await Promise.all([
      endProcesses([gentle.identity], { gentle: 'SIGTERM', hard: 'SIGKILL', graceMs: 60_000 }),
      endProcesses([deaf.identity], { gentle: 'SIGTERM', hard: 'SIGKILL', graceMs: 300 }),
    ]);
    expect(await Promise.all(exits)).toEqual([
      [0, null],
      [null, 'SIGKILL'],
    ]);
  });

  it('leaves a process alone that was given the pid of one that ended', async () => {
    const { child, identity } = await startIdle('process.stdin.on("data", (data) => process.stdout.write(data))');
    await endProcesses([{ ...identity, startTime: '1' }], { gentle: 'SIGTERM', hard: 'SIGKILL', graceMs: 100 });
    // A process that was asked to end does so before it answers twice.
    for (const word of ['one', 'two']) {
      child.stdin.write(word);
      const answer: unknown[] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
      expect(String(answer[0])).toBe(word);
    }
    expect(isRunning(identity)).toBe(true);
    child.kill('SIGKILL');
  });
});
