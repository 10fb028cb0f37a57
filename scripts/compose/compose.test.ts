import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { services } from '../../supervisor/index.ts';
import { projectDirectory } from '../tool.ts';
import { deploy } from './deploy.ts';
import { composeFiles } from './files.ts';
import { makeSecrets } from './secrets.ts';

const read = (path: string) => readFileSync(join(projectDirectory, path), 'utf8');

type Service = { secrets?: string[]; depends_on?: Record<string, unknown>; healthcheck?: unknown; volumes?: string[] };
type Document = { services: Record<string, Service>; secrets: Record<string, { file: string }> };

const document = parse(read('compose.yaml')) as Document;

describe('composeFiles', () => {
  it('are what is committed', () => {
    for (const [path, text] of Object.entries(composeFiles()))
      expect(read(path) === text, `npm run compose -- generate renews ${path}`).toBe(true);
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
    const ofCompose = [...read('compose.yaml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name ?? '');
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

describe('deploy', () => {
  it('runs the release before again when the new one is not well', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outcry-deploy-'));
    const commands: string[] = [];
    const options = {
      ...{ folder, pulls: true, url: 'http://127.0.0.1:1', operatorEmail: 'o@example.com', step: () => {} },
      compose: async (args: readonly string[], version: string) => {
        commands.push(`${version} ${args.slice(0, 2).join(' ')}`);
        if (args[0] === 'run') throw new Error('the schema cannot be migrated');
      },
    };
    await expect(deploy({ ...options, version: 'v1' })).rejects.toThrow('migrated');
    expect(commands).toEqual(['v1 pull', 'v1 up -d', 'v1 run --rm']);
    await expect(deploy({ ...options, version: '$(x)' })).rejects.toThrow(TypeError);
    rmSync(folder, { recursive: true });
  });
});
