import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Node's compile cache, filled once after an install or a change. Without it each of a dozen processes would strip and compile the
// same files at the same time, and keep the compiler in memory: measured, that doubles the work of a start and costs 20 MB a process.

const sourceFolders = ['gateway', 'gen', 'platform', 'services', 'supervisor'];
const fillScript = fileURLToPath(new URL('fill.ts', import.meta.url));

/**
 * Fills the cache when the sources are not those that it was filled for. It never rejects: everything works without a cache.
 *
 * @param env the environment with NODE_COMPILE_CACHE, the cache's folder; without it nothing is done
 * @param signal ends the filling
 * @returns whether it was filled
 */
export async function fillCompileCache(
  projectDirectory: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<boolean> {
  const cacheDirectory = env.NODE_COMPILE_CACHE;
  if (!cacheDirectory) return false;
  return fillWhenStale({ projectDirectory, cacheDirectory, fill: () => runFillScript(env, signal) });
}

/** Runs `fill` and remembers it, unless it was run for the sources as they are. Never rejects. */
export async function fillWhenStale(options: {
  projectDirectory: string;
  cacheDirectory: string;
  /** Resolves to whether the cache is full now. */
  fill: () => Promise<boolean>;
}): Promise<boolean> {
  const stampPath = join(options.cacheDirectory, 'filled-for');
  try {
    const fingerprint = fingerprintSources(options.projectDirectory);
    if (readStamp(stampPath) === fingerprint) return false;
    mkdirSync(options.cacheDirectory, { recursive: true });
    if (!(await options.fill())) return false;
    writeFileSync(stampPath, fingerprint);
    return true;
  } catch {
    return false;
  }
}

function runFillScript(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [fillScript], { env, signal, killSignal: 'SIGKILL', stdio: 'ignore' });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

// File times and sizes are enough: a wrong guess costs time, nothing else.
function fingerprintSources(projectDirectory: string): string {
  const hash = createHash('sha256').update(process.version);
  for (const path of [join(projectDirectory, 'package-lock.json'), ...listSources(projectDirectory)]) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

function listSources(projectDirectory: string): string[] {
  return sourceFolders.flatMap((folder) => {
    const entries = readdirSync(join(projectDirectory, folder), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
  });
}

function readStamp(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
