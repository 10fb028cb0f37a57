import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { services } from '../../supervisor/index.ts';
import { projectDirectory } from '../tool.ts';
import { deploy } from './deploy.ts';
import { composeFiles } from './files.ts';
import { makeSecrets } from './secrets.ts';
import { readSettings, writeVersion } from './settings.ts';

const read = (path: string) => readFileSync(join(projectDirectory, path), 'utf8');

type Service = {
  restart?: string;
  command?: string[];
  secrets?: string[];
  depends_on?: Record<string, unknown>;
  healthcheck?: unknown;
  volumes?: string[];
};
type Document = { services: Record<string, Service>; secrets: Record<string, { file: string }> };

const document = parse(read('compose.yaml')) as Document;

describe('composeFiles', () => {
  it('are what is committed', () => {
    for (const [path, text] of Object.entries(composeFiles()))
      expect(read(path) === text, `npm run compose -- generate renews ${path}`).toBe(true);
  });

  it('start again after a fault or with the machine, all but the load, and bound the heap of every service', () => {
    const without = Object.keys(document.services).filter(
      (name) => document.services[name]?.restart !== 'unless-stopped',
    );
    expect(without).toEqual(['k6']);
    for (const { name, heapMaxMib } of services)
      expect(document.services[name]?.command, name).toContain(`--max-old-space-size=${heapMaxMib}`);
  });

  it('have every service with a health gate, secrets that are made, and files that exist', () => {
    const folder = mkdtempSync(join(tmpdir(), 'outcry-compose-'));
    try {
      makeSecrets(folder);
      for (const { name } of services) expect(document.services[name]?.healthcheck, name).toBeDefined();
      const files = Object.values(document.secrets).map(({ file }) => file.replace('./compose/secrets/', ''));
      expect(files.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
      const known = Object.keys(document.secrets);
      for (const { secrets = [], volumes = [] } of Object.values(document.services)) {
        expect(secrets.filter((secret) => !known.includes(secret))).toEqual([]);
        const mounted = volumes.map((volume) => volume.split(':')[0] ?? '').filter((path) => path.startsWith('./'));
        const missing = mounted.filter(
          (path) => !path.includes('/secrets/') && !existsSync(join(projectDirectory, path)),
        );
        expect(missing).toEqual([]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('.env.example', () => {
  it('has every setting that a config.ts reads, and no other', () => {
    const sources = [
      'platform/config/{base,tracing,shard-map}.ts',
      'services/*/config.ts',
      'gateway/config.ts',
    ].flatMap((pattern) => globSync(pattern, { cwd: projectDirectory }));
    const text = sources.map(read).join('\n');
    const named = [...text.matchAll(/\(\s*env,\s*'([A-Z][A-Z0-9_]+)'/g)].map(([, name]) => name ?? '');
    const payments = [...text.matchAll(/number\('([A-Z_]+)'/g)].map(([, name]) => `LEDGER_LOCAL_PAYMENT_${name}`);
    const ofCompose = [...read('compose.yaml').matchAll(/\$\{([A-Z_]+)/g)]
      .map(([, name]) => name ?? '')
      .concat('COMPOSE_PROFILES');
    const fixed = new Set([
      ...[...read('compose.yaml').matchAll(/^ {6}([A-Z_]+?)(?:_FILE)?:/gm)].map(([, name]) => name ?? ''),
      ...['DATABASE_URL', 'BUS_DATABASE_URL', 'AMQP_URL', 'SERVICE_SECRET', 'BOOTSTRAP_ADMIN', 'BOOTSTRAP_OPERATOR'],
      ...['OUTCRY_MIGRATE_ONLY', 'OUTCRY_CLOCK_FILE', 'OUTCRY_ROLE_FILE', 'OUTCRY_ADVERTISED_ADDRESS'],
    ]);
    const shown = new Set(
      [...read('.env.example').matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name ?? ''),
    );
    const wanted = new Set([...named, ...payments].filter((name) => !fixed.has(name)).concat(ofCompose));
    expect([...wanted].filter((name) => !shown.has(name))).toEqual([]);
    expect([...shown].filter((name) => !wanted.has(name))).toEqual([]);
  });
});

describe('makeSecrets', () => {
  it('makes each once, in a folder that is its owner’s alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'outcry-secrets-'));
    makeSecrets(folder);
    const before = readFileSync(join(folder, 'service_secret'), 'utf8');
    makeSecrets(folder);
    expect(readFileSync(join(folder, 'service_secret'), 'utf8')).toBe(before);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(join(folder, 'jwks'), 'utf8')).keys.every((key: object) => !('d' in key))).toBe(
      true,
    );
    rmSync(folder, { recursive: true });
  });
});

describe('readSettings', () => {
  it('has the defaults of compose.yaml, what the file says, and before it the environment', () => {
    const folder = mkdtempSync(join(tmpdir(), 'outcry-settings-'));
    const path = join(folder, '.env');
    expect(readSettings(path, {})).toEqual({
      version: undefined,
      ...{ url: 'http://127.0.0.1:8080', operatorEmail: 'operator@example.com' },
    });
    writeFileSync(path, 'OUTCRY_VERSION="v1"\nOUTCRY_PUBLISH=0.0.0.0:9080\nOUTCRY_OPERATOR_EMAIL=o@example.com\n');
    expect(readSettings(path, { OUTCRY_PUBLISH: '9081', OUTCRY_VERSION: '' })).toEqual({
      version: 'v1',
      ...{ url: 'http://127.0.0.1:9081', operatorEmail: 'o@example.com' },
    });
    rmSync(folder, { recursive: true });
  });
});

describe('writeVersion', () => {
  it('puts the version in the place of the one before, and leaves all else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'outcry-settings-'));
    const path = join(folder, '.env');
    writeFileSync(path, '# OUTCRY_VERSION=dev\nLOG_LEVEL=info');
    for (const version of ['v1', 'v2']) writeVersion(path, version);
    expect(readFileSync(path, 'utf8')).toBe('# OUTCRY_VERSION=dev\nLOG_LEVEL=info\nOUTCRY_VERSION=v2\n');
    rmSync(folder, { recursive: true });
  });
});

describe('deploy', () => {
  const wait = '--wait --wait-timeout 180';
  const migrations = (version: string) =>
    services
      .filter((service) => service.migrations !== undefined)
      .map(({ name }) => `${version} run --rm -T --no-deps -e OUTCRY_MIGRATE_ONLY=true ${name}`);

  /** Deploys a version on a system that runs v1, and resolves to the commands and the version that is written down. */
  async function deployed(version: string, fails: (command: string) => boolean) {
    const folder = mkdtempSync(join(tmpdir(), 'outcry-deploy-'));
    const settings = join(folder, '.env');
    const commands: string[] = [];
    const run = async (command: string) => {
      commands.push(command);
      if (fails(command)) throw new Error(`${command} failed`);
    };
    const done = await deploy({
      ...{ version, before: 'v1', settings, pulls: true, step: () => {}, smoke: () => run('smoke') },
      compose: (args, ofVersion) => run(`${ofVersion} ${args.join(' ')}`),
    }).then(
      () => 'done',
      (error: Error) => error.message,
    );
    const after = readSettings(settings, {}).version;
    rmSync(folder, { recursive: true });
    return { commands, done, after };
  }

  it('pulls, migrates, starts, waits until all are well, and writes down the version', async () => {
    const { commands, done, after } = await deployed('v2', () => false);
    expect(commands).toEqual([
      ...['v2 pull', `v2 up -d ${wait} postgres rabbitmq`, ...migrations('v2')],
      ...[`v2 up -d ${wait}`, 'smoke'],
    ]);
    expect([done, after]).toEqual(['done', 'v2']);
  });

  it('runs the release before again when the new one cannot migrate, is not healthy or fails its smoke', async () => {
    for (const isFailing of [
      (command: string) => command.startsWith('v2 run'),
      (command: string) => command === `v2 up -d ${wait}`,
    ]) {
      const { commands, done, after } = await deployed('v2', isFailing);
      expect(commands.slice(-2)).toEqual([`v1 up -d ${wait}`, 'smoke']);
      expect(done).toMatch(/^v2 .* failed$/);
      expect(after).toBeUndefined();
    }
    let smokes = 0;
    const { commands, done, after } = await deployed('v2', (command) => command === 'smoke' && ++smokes === 1);
    expect(commands.slice(-3)).toEqual(['smoke', `v1 up -d ${wait}`, 'smoke']);
    expect([done, after]).toEqual(['smoke failed', undefined]);
  });

  it('takes the tag of an image and nothing else', async () => {
    expect((await deployed('$(x)', () => false)).commands).toEqual([]);
  });
});
