import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { Health, HealthCheckResponse_ServingStatus as Status } from '#gen/health/v1/health_pb.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { EchoService } from '#platform/rpc/testing/echo-contract.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { testServiceKeyEnv } from '#platform/testing/service-keys.ts';

const main = fileURLToPath(new URL('../rpc/testing/echo-main.ts', import.meta.url));
const goodEnv = { ...testServiceKeyEnv('echo'), OUTCRY_PORT: '0', OUTCRY_ADMIN_PORT: '0' };
type Line = { level: string; msg: string; port?: number; resource?: string; problems?: string[]; clean?: boolean };

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function startProcess(misbehaviour = '', env: Record<string, string> = goodEnv) {
  const child = spawn(process.execPath, [main, misbehaviour], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  // By then all that it has printed was read.
  const closed = once(child, 'close');
  const lines: Line[] = [];
  let rest = '';
  let errors = '';
  const waiting = new Map<string, (line: Line) => void>();
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdout.on('data', (chunk: Buffer) => {
    const texts = (rest + chunk.toString()).split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts) {
      // Throws, and fails the test, when anything but JSON is printed.
      const line = JSON.parse(text) as Line;
      lines.push(line);
      waiting.get(line.msg)?.(line);
    }
  });
  return {
    child,
    lines,
    errors: () => errors,
    line: (msg: string) =>
      new Promise<Line>((resolve) => {
        const found = lines.find((line) => line.msg === msg);
        if (found !== undefined) resolve(found);
        else waiting.set(msg, resolve);
      }),
    exitCode: async () => (await closed)[0] as number,
  };
}

describe('runService', () => {
  it('on SIGTERM says NOT_SERVING, finishes what is in progress, disposes the last first, and exits 0', async () => {
    const service = startProcess();
    const { port } = await service.line('listening');
    await service.line('ready');
    const address = `ipv4:127.0.0.1:${port}`;
    await using client = createRpcClient(EchoService, { address, serviceToken: undefined });
    await using health = createRpcClient(Health, { address, serviceToken: undefined });
    const states: number[] = [];
    const watching = (async () => {
      for await (const { status } of health.watch({ service: '' })) states.push(status);
    })();
    await eventually(() => expect(states).toEqual([Status.SERVING]));
    const inProgress = client.open({ value: 'finished' });
    await service.line('slow call started');
    service.child.kill('SIGTERM');
    expect((await inProgress).value).toBe('finished');
    expect(await service.exitCode()).toBe(0);
    await watching;
    expect(states).toEqual([Status.SERVING, Status.NOT_SERVING]);
    const steps = service.lines.map(({ msg, resource }) => resource ?? msg);
    expect(steps.slice(steps.indexOf('stopping'))).toEqual([
      'stopping',
      'signal aborted',
      'second',
      'first',
      'stopped',
    ]);
    expect(service.errors()).toBe('');
  });

  it('reports every problem of the common and of its own configuration at once and exits 1', async () => {
    const service = startProcess('', { OUTCRY_PORT: 'x', ECHO_ROUNDS: '0' });
    expect(await service.exitCode()).toBe(1);
    const fatal = await service.line('the configuration is not valid');
    expect(fatal.level).toBe('fatal');
    expect(fatal.problems).toHaveLength(4);
  });

  it('ends without having started the service when it only migrates', async () => {
    const service = startProcess('', { ...goodEnv, OUTCRY_MIGRATE_ONLY: 'true' });
    expect(await service.exitCode()).toBe(0);
    const messages = service.lines.map(({ msg }) => msg);
    expect(messages).toContain('stopped');
    expect(messages).not.toContain('listening');
  });

  it('exits 1 when the service cannot start', async () => {
    const service = startProcess('fail-to-start');
    await service.line('the service could not start');
    expect(await service.exitCode()).toBe(1);
  });

  it('logs an uncaught fault and exits 1', async () => {
    for (const [misbehaviour, message] of [
      ['throw-later', 'uncaughtException'],
      ['reject-later', 'unhandledRejection'],
    ] as const) {
      const service = startProcess(misbehaviour);
      expect(await service.exitCode()).toBe(1);
      expect((await service.line(message)).level).toBe('fatal');
    }
  });
});
