import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deleteEmbeddedDatabase, prepareDataDirectory } from './data-directory.ts';

vi.setConfig({ testTimeout: 120_000 });

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-data-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('prepareDataDirectory', () => {
  it('makes the folders, also a second time', () => {
    const root = join(directory, 'deep', 'data');
    prepareDataDirectory(root);
    const paths = prepareDataDirectory(root);
    expect(existsSync(paths.logs)).toBe(true);
  });

  it('says so when a part of the path is a file', () => {
    writeFileSync(join(directory, 'file'), '');
    expect(() => prepareDataDirectory(join(directory, 'file', 'data'))).toThrow('a part of the path is not a folder');
  });
});

describe('deleteEmbeddedDatabase', () => {
  it('deletes the cluster and nothing else', () => {
    const paths = prepareDataDirectory(directory);
    mkdirSync(paths.postgres);
    writeFileSync(join(directory, 'secrets.json'), '{}');
    deleteEmbeddedDatabase(paths);
    expect(existsSync(paths.postgres)).toBe(false);
    expect(existsSync(join(directory, 'secrets.json'))).toBe(true);
  });
});

// A mount namespace of its own gives a command a disk that no other process sees and that is gone with it.
const namespace = ['unshare', ...(process.getuid?.() === 0 ? ['-m'] : ['-rm'])];
const canMount = runOnDisk('size=64k', '', ['sh', '-c', 'true']).status === 0;

function runOnDisk(mountOptions: string, prepare: string, command: readonly string[]) {
  const place = mkdtempSync(join(tmpdir(), 'outcry-disk-'));
  const script = `mount -t tmpfs -o ${mountOptions} none "$0" || exit 99; cd "$0"; ${prepare} exec "$@" --data "$0"`;
  const [program = '', ...args] = [...namespace, 'sh', '-c', script, place, ...command];
  const result = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000, env: { PATH: process.env.PATH } });
  rmSync(place, { recursive: true });
  return result;
}

function startOnDisk(mountOptions: string, prepare = '') {
  const script = fileURLToPath(new URL('../testing/start-with-stubs.ts', import.meta.url));
  return runOnDisk(mountOptions, prepare, [process.execPath, script, '--port', '9999']);
}

describe.skipIf(!canMount && process.env.OUTCRY_REQUIRE_ALL !== '1')('startOutcry on a bad disk', () => {
  it.each([
    ['read-only', 'ro,size=1m', '', /^outcry: cannot write \S+: the disk is read-only \(EROFS\)$/],
    [
      'full',
      'size=64k',
      'head -c 1m /dev/zero > fill 2>&-;',
      /^outcry: cannot write \S+: the disk is full \(ENOSPC\)$/,
    ],
    ['nearly full', 'size=1m', '', /^outcry: the disk that holds \S+ is nearly full: \d MiB free, 256 MiB needed$/],
  ])('ends with one clear line when it is %s', (_, mountOptions, prepare, line) => {
    const { status, stderr } = startOnDisk(mountOptions, prepare);
    expect(stderr.trim()).toMatch(line);
    expect(status).toBe(1);
  });
});
