/** A file system of its own for PostgreSQL, which can be full. */
import { execFile } from 'node:child_process';
import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { loadSecrets } from '../../../supervisor/index.ts';
import { postgresPort } from '../../../supervisor/testing/index.ts';

/** A mounted disk. */
export type SmallDisk = AsyncDisposable & {
  /** Where the cluster of PostgreSQL is. */
  clusterDirectory: string;
  /** Makes the cluster there, with the password of the system whose data folder it is. */
  createCluster(system: { dataDirectory: string; gatewayPort: number }): Promise<void>;
  /** Leaves no room: what is written from now on fails with ENOSPC. */
  fill(): Promise<void>;
  /** Gives the room back. */
  empty(): Promise<void>;
};

const run = promisify(execFile);
const kib = 1024;

/** Mounts a tmpfs at `path`; undefined where that is not permitted (only root may) or not known (other systems than Linux). */
export async function mountSmallDisk(path: string, sizeMib: number): Promise<SmallDisk | undefined> {
  await mkdir(path, { recursive: true });
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m,mode=755`, 'tmpfs', path]);
  } catch {
    return undefined;
  }
  const clusterDirectory = join(path, 'postgres');
  const resize = (sizeKib: number) => run('mount', ['-o', `remount,size=${sizeKib}k`, path]);
  return {
    clusterDirectory,
    async createCluster({ dataDirectory, gatewayPort }) {
      const { postgresPassword: password } = loadSecrets(dataDirectory);
      const port = postgresPort(gatewayPort);
      const server = await startEmbeddedPostgres({ dataDirectory: clusterDirectory, port, password, onLog: () => {} });
      await server.stop();
    },
    // A smaller limit fills it without a byte of ballast. What is written meanwhile makes the first tries fail.
    async fill() {
      for (let tries = 0; ; tries++) {
        const { blocks, bfree, bsize } = await statfs(path);
        try {
          await resize(Math.ceil(((blocks - bfree) * bsize) / kib));
          return;
        } catch (error) {
          if (tries === 20) throw error;
        }
      }
    },
    async empty() {
      await resize(sizeMib * kib);
    },
    async [Symbol.asyncDispose]() {
      await run('umount', ['--lazy', path]);
    },
  };
}
