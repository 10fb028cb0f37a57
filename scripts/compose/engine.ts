/** Docker compose or podman-compose, whichever the machine has. */
import { spawn, spawnSync } from 'node:child_process';
import { projectDirectory } from '../tool.ts';

/** Runs a command of compose with this version of the images. Rejects when it fails or takes over 10 minutes. */
export type Compose = (args: readonly string[], version: string) => Promise<void>;

const timeoutMs = 600_000;
const engines = [['docker', 'compose'], ['podman-compose']] as const;

/** Finds the engine. Throws when there is none. */
export function findCompose(): Compose {
  const engine = engines.find(([program, ...args]) => spawnSync(program, [...args, 'version']).status === 0);
  if (engine === undefined) throw new Error('neither docker compose nor podman-compose is installed');
  const [program, ...first] = engine;
  return (args, version) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, [...first, ...args], {
        cwd: projectDirectory,
        env: { ...process.env, OUTCRY_VERSION: version },
        stdio: ['ignore', 'inherit', 'inherit'],
        timeout: timeoutMs,
      });
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`${program} ${args.join(' ')} ended with ${code ?? 'no answer'}`));
      });
    });
}
