import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

type LockEntry = { version?: string; optional?: boolean; dev?: boolean };

const bootstrap = fileURLToPath(new URL('bootstrap.mjs', import.meta.url));
vi.setConfig({ testTimeout: 180_000 });

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-bootstrap-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

// The first stage is plain JavaScript that runs in a process of its own; so it does here.
function evaluate(expression: string, env: NodeJS.ProcessEnv = {}) {
  const script = `import { isInstalled, installWhenNeeded } from ${JSON.stringify(bootstrap)}; ${expression}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script, directory], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
}

function isInstalled(development = true): boolean {
  const call = `isInstalled(${JSON.stringify(directory)}, { development: ${development} })`;
  return JSON.parse(evaluate(`console.log(${call})`).stdout);
}

function writeLock(path: string, packages: Record<string, LockEntry>): void {
  writeFileSync(join(directory, path), JSON.stringify({ lockfileVersion: 3, packages }));
}

describe('isInstalled', () => {
  beforeEach(() => {
    mkdirSync(join(directory, 'node_modules'));
    writeLock('package-lock.json', {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/other-platform': { version: '1.0.0', optional: true },
      'node_modules/tool': { version: '2.0.0', dev: true },
    });
  });

  test.each([
    ['nothing', undefined, false, false],
    ['everything', { a: '1.0.0', tool: '2.0.0' }, true, true],
    ['another version', { a: '1.0.1', tool: '2.0.0' }, false, false],
    ['all but the tools of development', { a: '1.0.0' }, true, false],
  ])('knows that %s is installed', (_, versions, toRun, toDevelop) => {
    if (versions) {
      const packages = Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, { version }]);
      writeLock('node_modules/.package-lock.json', Object.fromEntries(packages));
    }
    expect(isInstalled(false)).toBe(toRun);
    expect(isInstalled(true)).toBe(toDevelop);
  });
});

describe('installWhenNeeded', () => {
  const call = 'await installWhenNeeded(process.argv.at(-1), { development: true })';

  test('installs what is locked, with visible progress, and then finds it installed', () => {
    mkdirSync(join(directory, 'part'));
    writeFileSync(join(directory, 'part', 'package.json'), JSON.stringify({ name: 'part', version: '1.0.0' }));
    const dependencies = { part: 'file:part' };
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', dependencies }));
    writeLock('package-lock.json', {
      '': { version: '1.0.0', dependencies } as LockEntry,
      part: { version: '1.0.0' },
      'node_modules/part': { resolved: 'part', link: true } as LockEntry,
    });
    const first = evaluate(call);
    expect(first.status).toBe(0);
    expect(first.stdout).toContain('Installing the locked dependencies (npm ci)');
    expect(first.stdout).toMatch(/Installed in \d+ s\./);
    expect(evaluate(call).stdout).toBe('');
  });

  test('ends with a clear line when the install fails', () => {
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'x', dependencies: { missing: 'file:no' } }));
    writeLock('package-lock.json', { '': {} });
    const { status, stderr } = evaluate(call);
    expect(status).toBe(1);
    expect(stderr).toContain('outcry: `npm ci` failed');
  });
});
