import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunFile, readRunFile } from './data/run-file.ts';
import { loadSecrets } from './data/secrets.ts';
import { isRunning, signalProcess } from './processes/process-identity.ts';
import { isPortRangeFree } from './testing/free-port-range.ts';
import { createStartPlace, runStart, type StartPlace, type StartProcess } from './testing/run-start.ts';

let place: StartPlace;

beforeEach(async () => {
  place = await createStartPlace();
});

afterEach(async () => {
  await place.remove();
});

async function startReady(args: readonly string[] = []): Promise<{ start: StartProcess; run: RunFile }> {
  const start = runStart(place, args);
  await start.printed('Outcry is ready');
  const run = readRunFile(place.dataDirectory);
  if (!run) throw new Error('there is no run file');
  return { start, run };
}

async function stop(start: StartProcess): Promise<void> {
  start.process.kill('SIGTERM');
  expect(await start.exit).toBe(0);
}

async function query(text: string): Promise<unknown[]> {
  const { postgresPassword: password } = loadSecrets(place.dataDirectory);
  const client = new pg.Client({
    host: '127.0.0.1',
    port: place.port + 120,
    user: 'postgres',
    password,
    database: 'outcry_last',
  });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('startOutcry with the embedded PostgreSQL', () => {
  it('finds yesterday’s data at a second start, and begins anew with --fresh', async () => {
    const first = await startReady();
    await query('CREATE TABLE kept AS SELECT 42 AS answer');
    await stop(first.start);
    expect(first.run.postgres && isRunning(first.run.postgres)).toBe(false);
    expect(statSync(join(place.dataDirectory, 'secrets.json')).mode & 0o777).toBe(0o600);

    const second = await startReady();
    expect(await query('SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await stop(second.start);

    const third = await startReady(['--fresh']);
    expect(await query("SELECT to_regclass('kept') AS found")).toEqual([{ found: null }]);
    await stop(third.start);
  }, 180_000);

  it('ends the PostgreSQL of a killed supervisor too', async () => {
    const first = await startReady();
    first.start.process.kill('SIGKILL');
    await first.start.exit;
    const orphans = [...first.run.processes, ...(first.run.postgres ? [first.run.postgres] : [])];
    expect(orphans).toHaveLength(5);
    expect(orphans.every(isRunning)).toBe(true);

    const second = await startReady();
    expect(second.start.output()).toContain('Ended 5 processes that an interrupted start left running');
    expect(orphans.some(isRunning)).toBe(false);
    await stop(second.start);
  }, 180_000);

  it('starts PostgreSQL again as often as it ends, and lets all services run', async () => {
    const { start, run } = await startReady();
    let server = run.postgres;
    for (let end = 1; end <= 6; end++) {
      if (!server) throw new Error('no PostgreSQL is recorded');
      const ended = server;
      signalProcess(ended, 'SIGQUIT');
      server = await vi.waitUntil(
        () => [readRunFile(place.dataDirectory)?.postgres].find((now) => now && now.pid !== ended.pid),
        { timeout: 60_000 },
      );
    }
    expect(start.output()).toContain('postgres is failing: it ended 3 times in a row');
    expect(readRunFile(place.dataDirectory)?.failing).toMatchObject([{ name: 'postgres', endCount: 6 }]);
    expect(await query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(run.processes.every(isRunning)).toBe(true);
    await stop(start);
  }, 180_000);

  it('shows why PostgreSQL cannot start, and leaves nothing running', async () => {
    const first = await startReady();
    await stop(first.start);
    writeFileSync(join(place.dataDirectory, 'postgres', 'PG_VERSION'), '9\n');
    const broken = runStart(place);
    expect(await broken.exit).toBe(1);
    expect(broken.output()).toContain('outcry: PostgreSQL did not start: The data in');
    expect(await isPortRangeFree(place.port)).toBe(true);
  }, 180_000);
});
