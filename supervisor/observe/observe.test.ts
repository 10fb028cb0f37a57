import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestDatabase } from '#platform/testing/postgres.ts';
import { readRunFile } from '../data/run-file.ts';
import { isRunning, signalProcess } from '../processes/process-identity.ts';
import { createStartPlace, runStart, type StartPlace } from '../testing/run-start.ts';

// Real processes on a machine that may have other work.
vi.setConfig({ testTimeout: 120_000 });

let place: StartPlace;
let env: NodeJS.ProcessEnv;
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

/** A folder with stand-ins for both programs: each answers its page's readiness, and writes down how it was started. */
function makePrograms(): string {
  const folder = join(place.dataDirectory, 'bin');
  mkdirSync(folder);
  for (const name of ['prometheus', 'grafana-server']) {
    const code = `#!${process.execPath}
const { writeFileSync } = require('node:fs');
const { GF_SERVER_HTTP_PORT, ...env } = process.env;
writeFileSync(${JSON.stringify(join(folder, `${name}.json`))}, JSON.stringify({ args: process.argv.slice(2), env }));
const listen = process.argv.find((arg) => arg.startsWith('--web.listen-address='));
const port = Number(GF_SERVER_HTTP_PORT ?? listen.split(':').at(-1));
require('node:http').createServer((_, response) => response.end()).listen(port, '127.0.0.1');
`;
    writeFileSync(join(folder, name), code, { mode: 0o755 });
  }
  return folder;
}

const watchers = () => readRunFile(place.dataDirectory)?.observing ?? [];

describe('npm start -- --observe', () => {
  it('runs Prometheus and Grafana with all that they need, again when they end, and stops them with the rest', async () => {
    const bin = makePrograms();
    const start = runStart(place, ['--observe'], { ...env, PATH: bin });
    await start.printed('Outcry is ready');
    await eventually(() => expect(watchers().map(({ name }) => name)).toEqual(['traces', 'prometheus', 'grafana']));
    const started = (name: string) =>
      JSON.parse(readFileSync(join(bin, `${name}.json`), 'utf8')) as { args: string[]; env: Record<string, string> };
    const config =
      started('prometheus')
        .args.find((arg) => arg.startsWith('--config.file='))
        ?.slice(14) ?? '';
    const targets = [5, 15, 25, 115].map((offset) => `127.0.0.1:${place.port + offset}`);
    expect(JSON.parse(readFileSync(config, 'utf8'))).toMatchObject({
      rule_files: [expect.stringContaining('service-levels.yaml'), expect.stringContaining('alerts.yaml')],
      scrape_configs: [{ job_name: 'outcry', static_configs: [{ targets }] }],
    });
    expect(started('grafana-server').env).toMatchObject({
      PROMETHEUS_URL: `http://127.0.0.1:${place.port + 126}`,
      GF_PATHS_PROVISIONING: expect.stringContaining('k8s/observability/grafana'),
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
    });
    const first = watchers().find(({ name }) => name === 'grafana')?.process;
    if (first === undefined) throw new Error('Grafana has no process');
    signalProcess(first, 'SIGKILL');
    await eventually(() => expect(watchers().find(({ name }) => name === 'grafana')?.process?.pid).not.toBe(first.pid));
    const processes = watchers().flatMap(({ process }) => process ?? []);
    expect(processes.filter(isRunning)).toHaveLength(2);
    start.process.kill('SIGTERM');
    expect(await start.exit).toBe(0);
    expect(processes.filter(isRunning)).toEqual([]);
  });

  it('leaves nothing running that the next start does not end, when it was killed', async () => {
    const start = runStart(place, ['--observe'], { ...env, PATH: makePrograms() });
    await start.printed('Outcry is ready');
    await eventually(() => expect(watchers()).toHaveLength(3));
    const processes = watchers().flatMap(({ process }) => process ?? []);
    start.process.kill('SIGKILL');
    await start.exit;
    expect(processes.filter(isRunning)).toHaveLength(2);
    const next = runStart(place, [], env);
    await next.printed('that an interrupted start left running');
    expect(processes.filter(isRunning)).toEqual([]);
    next.process.kill('SIGTERM');
    await next.exit;
  });

  it('without them says how to get them, and shows traces all the same', async () => {
    const start = runStart(place, ['--observe'], { ...env, PATH: join(place.dataDirectory, 'nothing') });
    await start.printed('Outcry is ready');
    expect(start.output()).toMatch(/prometheus\s+absent: .*apt-get install prometheus/);
    const url = `http://127.0.0.1:${place.port + 128}/traces`;
    expect(start.output()).toContain(url);
    expect((await fetch(url)).status).toBe(200);
    start.process.kill('SIGTERM');
    expect(await start.exit).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });
});
