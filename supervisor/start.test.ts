import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestDatabase } from '#platform/testing/postgres.ts';
import { type RunFile, readRunFile } from './data/run-file.ts';
import { isRunning, signalProcess } from './processes/process-identity.ts';
import { stopGraceMs } from './replicas/supervise.ts';
import { isPortRangeFree } from './testing/free-port-range.ts';
import { createStartPlace, runStart, type StartPlace } from './testing/run-start.ts';

// Real processes on a machine that may have other work: each wait has its own bound, see run-start.ts.
vi.setConfig({ testTimeout: 120_000 });

let place: StartPlace;
let env: NodeJS.ProcessEnv;

// These tests use a running server, which is faster; start-embedded.test.ts has those of the embedded one.
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
  it('starts every service, and ends all on Ctrl-C in order', async () => {
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
    expect(run.processes).toHaveLength(5);
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

  it('stops at once on a second press, also what does not end by itself', async () => {
    const start = runStart(place, [], { ...env, GATEWAY_BEHAVIOUR: 'ignore-sigterm' });
    await start.printed('Outcry is ready');
    const { processes } = requireRun();
    const startTimeMs = performance.now();
    start.process.kill('SIGINT');
    await start.printed('Stopping');
    expect(processes.filter(isRunning).map((process) => process.name)).toContain('gateway');
    // Those within half a second of the first one still belong to it; see interrupt.test.ts.
    const presses = setInterval(() => start.process.kill('SIGINT'), 100);
    expect(await start.exit).toBe(0);
    clearInterval(presses);
    expect(processes.some(isRunning)).toBe(false);
    expect(performance.now() - startTimeMs).toBeLessThan(stopGraceMs);
  });

  it('stops while it is still starting', async () => {
    const start = runStart(place, [], { ...env, MIDDLE_BEHAVIOUR: 'never-ready' });
    await start.printed('  last  ');
    const { processes } = requireRun();
    expect(processes.filter(isRunning)).toHaveLength(4);
    start.process.kill('SIGTERM');
    expect(await start.exit).toBe(0);
    expect(processes.some(isRunning)).toBe(false);
  });

  it('starts a child again that ends after it was ready while others still start', async () => {
    const start = runStart(place, [], { ...env, MIDDLE_BEHAVIOUR: 'never-ready' });
    await start.printed('  last  ');
    signalProcess(findProcess('last'), 'SIGKILL');
    await start.printed('last is ready again');
    start.process.kill('SIGTERM');
    expect(await start.exit).toBe(0);
  });

  it('shows which child ended before it was ready, with the end of its log, and leaves nothing running', async () => {
    const start = runStart(place, [], { ...env, MIDDLE_BEHAVIOUR: 'die-before-ready' });
    await start.printed('middle ended before it was ready (exit code 7)');
    expect(await start.exit).toBe(1);
    expect(start.output()).toContain('middle: fatal: the stub cannot start');
    expect(start.output()).toContain('Error: last words of the stub');
    expect(await isPortRangeFree(place.port)).toBe(true);
  });

  it('starts a child again that ends after it was ready', async () => {
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

  it('restarts a child that ends again and again, shows it once, and lets all others run', async () => {
    const deadlyFile = join(place.dataDirectory, 'deadly');
    const start = runStart(place, [], { ...env, MIDDLE_DIES_WHILE: deadlyFile, STABLE_AFTER_MS: '500' });
    await start.printed('Outcry is ready');
    const others = requireRun().processes.filter((process) => process.name !== 'middle');
    writeFileSync(deadlyFile, '');
    await start.printed('middle is failing: it ended 3 times in a row (last: exit code 7)');
    await vi.waitUntil(() => (requireRun().failing[0]?.endCount ?? 0) >= 6, { timeout: 30_000 });
    expect(requireRun()).toMatchObject({
      state: 'ready',
      failing: [{ name: 'middle', lastEnd: 'exit code 7', sinceTime: expect.stringMatching(/^20/) }],
    });
    expect(requireRun().processes.filter((process) => process.name !== 'middle')).toEqual(others);
    expect(others.every(isRunning)).toBe(true);

    rmSync(deadlyFile);
    await start.printed('middle is well again: ready for 0.5 s');
    expect(requireRun().failing).toEqual([]);
    expect(isRunning(findProcess('middle'))).toBe(true);
    // However often it ended, the terminal has a line for each of the first two ends, one for the third and one at the end.
    expect(start.output().match(/^ {2}middle (ended|is) /gm)).toHaveLength(4);
    start.process.kill('SIGINT');
    expect(await start.exit).toBe(0);
    expect(others.some(isRunning)).toBe(false);
  });

  it('forgets earlier ends of a child that was ready for long enough', async () => {
    const start = runStart(place, [], { ...env, STABLE_AFTER_MS: '1' });
    await start.printed('Outcry is ready');
    for (let end = 1; end <= 4; end++) {
      signalProcess(findProcess('middle'), 'SIGKILL');
      await vi.waitUntil(() => start.output().split('middle is ready again').length - 1 === end, { timeout: 30_000 });
    }
    expect(start.output()).not.toContain('is failing');
    start.process.kill('SIGINT');
    expect(await start.exit).toBe(0);
  });

  it('stops at once while a child waits to be started again', async () => {
    const deadlyFile = join(place.dataDirectory, 'deadly');
    const start = runStart(place, [], { ...env, MIDDLE_DIES_WHILE: deadlyFile });
    await start.printed('Outcry is ready');
    writeFileSync(deadlyFile, '');
    await vi.waitUntil(() => (requireRun().failing[0]?.endCount ?? 0) >= 6, { timeout: 30_000 });
    start.process.kill('SIGINT');
    expect(await start.exit).toBe(0);
    expect(await isPortRangeFree(place.port)).toBe(true);
  });

  it('refuses a port in use, naming it and the flag, and starts nothing', async () => {
    const server = createServer().listen(place.port + 15, '127.0.0.1');
    const start = runStart(place, [], env);
    expect(await start.exit).toBe(1);
    expect(start.output()).toContain(`port ${place.port + 15} (middle admin) is in use`);
    expect(start.output()).toContain('--port');
    expect(readRunFile(place.dataDirectory)).toBeUndefined();
    server.close();
  });

  it('refuses a second start on the same data folder, and the first goes on', async () => {
    const first = runStart(place, [], env);
    await first.printed('Outcry is ready');
    const second = runStart({ ...place, port: place.port + 1_000 }, [], env);
    expect(await second.exit).toBe(1);
    expect(second.output()).toContain('already running on');
    expect(requireRun().processes.every(isRunning)).toBe(true);
    first.process.kill('SIGINT');
    expect(await first.exit).toBe(0);
  });

  it('ends the orphans of a killed supervisor, also one that ignores SIGTERM', async () => {
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

  it('ends with code 2 and one clear line for an unknown flag', async () => {
    const start = runStart(place, ['--frsh'], env);
    expect(await start.exit).toBe(2);
    expect(start.output()).toContain("outcry: Unknown option '--frsh'");
  });

  it('refuses --fresh when the database is not the embedded one', async () => {
    const start = runStart(place, ['--fresh'], env);
    expect(await start.exit).toBe(1);
    expect(start.output()).toContain('--fresh deletes the embedded database only');
  });

  it('shows that the database does not answer', async () => {
    const start = runStart(place, [], { DATABASE_URL: 'postgres://someone@127.0.0.1:1/none' });
    expect(await start.exit).toBe(1);
    expect(start.output()).toMatch(/cannot prepare the databases on 127.0.0.1:1: .*ECONNREFUSED/);
    expect(start.output()).not.toContain('    at ');
  });
});
