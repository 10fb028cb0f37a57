// First stage of every npm script. It runs on whatever Node the machine has (20 or newer) before anything is installed,
// so it is plain JavaScript and imports nothing but node: modules.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 24;
const PROGRESS_INTERVAL_MS = 5_000;

/** The project's folder. */
export const projectDirectory = fileURLToPath(new URL('..', import.meta.url));

/**
 * Installs the locked dependencies when they are missing or other than locked, then runs a TypeScript file of the project on
 * Node 24 in place of this process; where a process cannot be replaced, in a child whose signals and exit code are passed through.
 *
 * @param options.development whether the tools of development are needed too
 * @param options.nodeFlags flags of Node for the script's process
 */
export async function runScript(script, args, { development, nodeFlags = [] }) {
  await installWhenNeeded(projectDirectory, { development });
  const node = nodeExecutable(projectDirectory);
  const env = {
    ...process.env,
    // It belongs to the installed code, not to anybody's data.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(projectDirectory, 'node_modules', '.cache', 'compile'),
    OUTCRY_START_TIME_MS: String(Date.now()),
  };
  const nodeArgs = [...nodeFlags, join(projectDirectory, script), ...args];
  if (isNewNode()) process.execve?.(node, [node, ...nodeArgs], env);
  process.exitCode = await runChild(node, nodeArgs, { env });
}

/** Runs `npm ci` with visible progress when `isInstalled` says no; ends the process with a clear line when it fails. */
export async function installWhenNeeded(directory, { development }) {
  if (isInstalled(directory, { development })) return;
  console.log('Installing the locked dependencies (npm ci) ...');
  const startTimeMs = Date.now();
  const seconds = () => Math.round((Date.now() - startTimeMs) / 1000);
  const progress = setInterval(() => console.log(`  still installing (${seconds()} s)`), PROGRESS_INTERVAL_MS);
  // No warnings: npm runs on the machine's Node, and several packages want the newer one that they will run on.
  const code = await runChild(...npmCommand(['ci', '--loglevel=error']), {
    cwd: directory,
    env: withoutLocalBinaries(process.env),
  });
  clearInterval(progress);
  if (code !== 0 || !isInstalled(directory, { development })) {
    console.error(`outcry: \`npm ci\` failed (exit code ${code}); the lines above say why.`);
    process.exit(code || 1);
  }
  console.log(`Installed in ${seconds()} s.`);
}

/**
 * Whether node_modules holds exactly what package-lock.json locks: the versions are compared, not the file times, which a
 * checkout changes. Optional packages may be absent; development ones too unless `development` is set.
 */
export function isInstalled(directory, { development }) {
  try {
    const locked = readPackages(join(directory, 'package-lock.json'));
    const installed = readPackages(join(directory, 'node_modules', '.package-lock.json'));
    return Object.entries(locked).every(([path, entry]) => {
      if (path === '' || entry.link) return true;
      const found = installed[path];
      if (found) return found.version === entry.version;
      return Boolean(entry.optional || entry.devOptional || (entry.dev && !development));
    });
  } catch {
    return false;
  }
}

function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

// This Node when it is new enough, else the one that was installed.
function nodeExecutable(directory) {
  if (isNewNode()) return process.execPath;
  const path = join(directory, 'node_modules', '.bin', 'node');
  if (existsSync(path)) return path;
  console.error(
    `outcry: Node ${NODE_MAJOR_MIN} is needed, this is ${process.version}, and no Node package for ${process.platform} ` +
      `${process.arch} was installed. Install Node ${NODE_MAJOR_MIN} and try again.`,
  );
  process.exit(1);
}

function isNewNode() {
  return Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN;
}

// Under npm the running npm is used, so that an npm that is not on the PATH works too.
function npmCommand(args) {
  const running = process.env.npm_execpath;
  return running?.endsWith('.js') ? [process.execPath, [running, ...args]] : ['npm', args];
}

// `npm ci` deletes node_modules first: nothing it starts may be looked up there.
function withoutLocalBinaries(env) {
  const path = (env.PATH ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'));
  return { ...env, PATH: path.join(delimiter) };
}

/** Runs a command in the foreground and resolves to its exit code; SIGINT, SIGTERM and SIGHUP are passed on. */
function runChild(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const forward = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    const finish = (code) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`outcry: cannot run ${command}: ${error.message}`);
      finish(1);
    });
    child.on('exit', (code, signal) => finish(signal ? 1 : (code ?? 1)));
  });
}
