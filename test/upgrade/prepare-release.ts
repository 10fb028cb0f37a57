/** The sources of another release in a folder of their own, ready to run. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDirectory } from '../../scripts/tool.ts';

const run = promisify(execFile);
const installTimeoutMs = 300_000;
const gitTimeoutMs = 60_000;

/** The commit that last wrote the snapshots of what a release asks of its schema (`npm run sql:release`), in full. */
export async function findLastRelease(): Promise<string> {
  const commit = await git('log', '-1', '--format=%H', '--', 'test/released-schema/snapshots');
  if (commit === '') throw new Error('no commit has written test/released-schema/snapshots');
  return commit;
}

/**
 * Writes the sources of a commit into a new folder, with dependencies: those of this checkout when both lock the same ones, else installed
 * by `npm ci`. Resolves to the commit in short.
 *
 * @throws Error when there is no such commit, or its dependencies cannot be installed
 */
export async function prepareRelease(commit: string, folder: string): Promise<string> {
  const name = await git('rev-parse', '--short', `${commit}^{commit}`);
  const archive = `${folder}.tar`;
  await mkdir(folder);
  await git('archive', '--output', archive, name);
  await run('tar', ['-xf', archive, '-C', folder], { timeout: gitTimeoutMs });
  await rm(archive);
  const [own, theirs] = await Promise.all([projectDirectory, folder].map(readLock));
  if (own === theirs) {
    await symlink(await realpath(join(projectDirectory, 'node_modules')), join(folder, 'node_modules'));
  } else {
    // Scripts of packages make what the services do not use: PostgreSQL is this checkout's.
    const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', flags, { cwd: folder, timeout: installTimeoutMs });
  }
  return name;
}

function readLock(folder: string): Promise<string> {
  return readFile(join(folder, 'package-lock.json'), 'utf8');
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: projectDirectory, timeout: gitTimeoutMs });
  return stdout.trim();
}
