import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabase } from '#platform/testing/postgres.ts';
import { isRunning, signalProcess } from './process-identity.ts';
import { type RunFile, readRunFile } from './run-file.ts';
import { createStartPlace, isRangeFree, runStart, type StartPlace } from './testing/run-start.ts';

// Real processes on a machine that may have other work: each wait has its own bound, see run-start.ts.
vi.setConfig({ testTimeout: 120_000 });

let place: StartPlace;
let env: NodeJS.ProcessEnv;

// A server that is there already keeps most of these tests from starting one of their own; start-embedded.test.ts does that.
beforeAll(async () => {
  const database = await createTestDatabase();
  env = { DATABASE_URL: database.url };
  return () => database.drop();
});

beforeEach(async () => {
  place = await createStartPlace();
});

afterEach(async () => {
  await place.remove();
});

function requireRun(): RunFile {
  const run = readRunFile(place.dataDirectory);
  if (!run) throw new Error('there is no run file');
  return run;
}

function findProcess(name: string): RunFile['processes'][number] {
  const found = requireRun().processes.find((process) => process.name === name);
  if (!found) throw new Error(`${name} does not run`);
  return found;
}

describe('startOutcry', () => {
  test('starts every service, tells the others where they are, and ends all on Ctrl-C in order', async () => {
    const traceFile = join(place.dataDirectory, 'trace');
    const traced = { GATEWAY_TRACE_FILE: traceFile, MIDDLE_TRACE_FILE: traceFile, LAST_TRACE_FILE: traceFile };
    const start = runStart(place, ['--replicas', 'middle=2'], { ...env, ...traced, LAST_BEHAVIOUR: 'slow-stop' });
    await start.printed('Outcry is ready');
    const run = requireRun();
    expect(run).toMatchObject({
      state: 'ready',
      replicas: { middle: 2 },
      gatewayUrl: `http://localhost:${place.port}`,
    });
    expect(run.processes.every(isRunning)).toBe(true);
    expect(statSync(join(place.dataDirectory, 'run.json')).mode & 0o777).toBe(0o600);

    start.process.kill('SIGINT');
    expect(await start.exit).toBe(0);
    expect(run.processes.some(isRunning)).toBe(false);
    const stopped = readFileSync(traceFile, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('stopped'));
    expect(stopped[0]).toBe('gateway-0 stopped');
    expect(stopped.slice(1, 3).toSorted()).toEqual(['middle-0 stopped', 'middle-1 stopped']);
    expect(stopped[3]).toBe('last-0 stopped');
    expect(readRunFile(place.dataDirectory)).toBeUndefined();
  });

  test('takes the signals of one key press as one, and stops at once on a second press', async () => {
    const start = runStart(place, [], { ...env, GATEWAY_BEHAVIOUR: 'ignore-sigterm' });
    await start.printed('Outcry is ready');
    const { processes } = requireRun();
    start.process.kill('SIGINT');
    await sleep(50);
    start.process.kill('SIGINT');
    await start.printed('Stopping');
    await sleep(700);
    expect(processes.filter(isRunning).map((process) => process.name)).toContain('gateway');
    start.process.kill('SIGINT');
    expect(await start.exit).toBe(0);
    expect(processes.some(isRunning)).toBe(false);
  });

  test('stops while it is still starting', async () => {
    const start = runStart(place, [], { ...env, MIDDLE_BEHAVIOUR: 'never-ready' });
    await start.printed('last');
    const { processes } = requireRun();
    start.process.kill('SIGTERM');
    expect(await start.exit).toBe(0);
    expect(processes.some(isRunning)).toBe(false);
  });

  test('says which child died before it was ready, with its last words, and leaves nothing running', async () => {
    const start = runStart(place, [], { ...env, MIDDLE_BEHAVIOUR: 'die-before-ready' });
    await start.printed('middle ended before it was ready (exit code 7)');
    expect(await start.exit).toBe(1);
    expect(start.output()).toContain('middle: fatal: the stub was told to die');
    expect(start.output()).toContain('Error: last words of the stub');
    expect(await isRangeFree(place.port)).toBe(true);
  });

  test('starts a child again that dies after ready', async () => {
    const start = runStart(place, [], env);
    await start.printed('Outcry is ready');
    const before = findProcess('middle');
    signalProcess(before, 'SIGKILL');
    await start.printed('middle ended (signal SIGKILL); starting it again');
    await start.printed('middle is ready again');
    const after = findProcess('middle');
    expect(after.pid).not.toBe(before.pid);
    expect(isRunning(after)).toBe(true);
    expect(after.port).toBe(before.port);
    start.process.kill('SIGINT');
    expect(await start.exit).toBe(0);
  });

  test('stops everything when a child dies for the sixth time within a minute', async () => {
    const start = runStart(place, [], env);
    await start.printed('Outcry is ready');
    for (let death = 1; death <= 5; death++) {
      const before = findProcess('middle');
      signalProcess(before, 'SIGKILL');
      await vi.waitUntil(() => findProcess('middle').pid !== before.pid, { timeout: 30_000 });
    }
    signalProcess(findProcess('middle'), 'SIGKILL');
    await start.printed('middle ended 6 times within a minute, last with signal SIGKILL; everything is stopped');
    expect(await start.exit).toBe(1);
    expect(start.output().split('starting it again').length - 1).toBe(5);
    expect(await isRangeFree(place.port)).toBe(true);
  });

  test('refuses a port in use, naming it and the flag, and starts nothing', async () => {
    const server = createServer().listen(place.port + 15, '127.0.0.1');
    const start = runStart(place, [], env);
    expect(await start.exit).toBe(1);
    expect(start.output()).toContain(`port ${place.port + 15} (middle admin) is in use`);
    expect(start.output()).toContain('--port');
    expect(readRunFile(place.dataDirectory)).toBeUndefined();
    server.close();
  });

  test('refuses a second start on the same data folder, and the first goes on', async () => {
    const first = runStart(place, [], env);
    await first.printed('Outcry is ready');
    const second = runStart({ ...place, port: place.port + 1_000 }, [], env);
    expect(await second.exit).toBe(1);
    expect(second.output()).toContain('already running on');
    expect(requireRun().processes.every(isRunning)).toBe(true);
    first.process.kill('SIGINT');
    expect(await first.exit).toBe(0);
  });

  test('ends the orphans of a killed supervisor, also one that ignores SIGTERM', async () => {
    const first = runStart(place, [], { ...env, LAST_BEHAVIOUR: 'ignore-sigterm' });
    await first.printed('Outcry is ready');
    const orphans = requireRun().processes;
    first.process.kill('SIGKILL');
    await first.exit;
    expect(orphans.every(isRunning)).toBe(true);
    const second = runStart(place, [], env);
    await second.printed('Ended 4 processes that an interrupted start left running');
    await second.printed('Outcry is ready');
    expect(orphans.some(isRunning)).toBe(false);
    second.process.kill('SIGINT');
    expect(await second.exit).toBe(0);
  });

  test('ends with code 2 and one clear line for an unknown flag', async () => {
    const start = runStart(place, ['--frsh'], env);
    expect(await start.exit).toBe(2);
    expect(start.output()).toContain("outcry: Unknown option '--frsh'");
  });

  test('refuses --fresh when the database is not the embedded one', async () => {
    const start = runStart(place, ['--fresh'], env);
    expect(await start.exit).toBe(1);
    expect(start.output()).toContain('--fresh deletes the embedded database only');
  });

  test('says so when the database does not answer', async () => {
    const start = runStart(place, [], { DATABASE_URL: 'postgres://somebody@127.0.0.1:1/none' });
    expect(await start.exit).toBe(1);
    expect(start.output()).toMatch(/cannot prepare the databases on 127.0.0.1:1: .*ECONNREFUSED/);
    expect(start.output()).not.toContain('    at ');
  });
});
