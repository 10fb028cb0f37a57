import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ServerIdentity, spawnAs } from './server-identity.ts';

/** The major version of the embedded server; data directories of another one are refused. */
const majorVersion = '18';

/**
 * Makes the data directory's cluster when there is none. It is made beside and renamed, so that an interrupted start
 * leaves no half-made one. Throws when the directory holds the data of another major version.
 */
export async function ensureCluster(options: {
  initdb: string;
  identity: ServerIdentity;
  dataDirectory: string;
  password: string;
  sync: boolean;
}): Promise<void> {
  const { dataDirectory } = options;
  const version = await readFile(join(dataDirectory, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) return createCluster(options);
  if (version.trim() !== majorVersion) {
    throw new Error(
      `The data in ${dataDirectory} was written by PostgreSQL ${version.trim()}, and this is ${majorVersion}. ` +
        'Dump it with the older release and restore it, or begin anew.',
    );
  }
}

async function createCluster(options: Parameters<typeof ensureCluster>[0]): Promise<void> {
  const { initdb, identity, dataDirectory, password, sync } = options;
  const newDirectory = `${dataDirectory}.new`;
  const passwordFile = `${dataDirectory}.password`;
  await mkdir(dirname(dataDirectory), { recursive: true });
  await rm(newDirectory, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  await mkdir(newDirectory, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  try {
    if (identity.uid !== undefined && identity.gid !== undefined) {
      await chown(newDirectory, identity.uid, identity.gid);
      await chown(passwordFile, identity.uid, identity.gid);
    }
    await runInitdb(initdb, identity, [
      `--pgdata=${newDirectory}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(sync ? [] : ['--no-sync']),
    ]);
    await rename(newDirectory, dataDirectory);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(newDirectory, { recursive: true, force: true });
  }
}

function runInitdb(initdb: string, identity: ServerIdentity, args: string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawnAs(identity, initdb, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH } });
  let output = '';
  const append = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4_000);
  };
  child.stdout?.on('data', append);
  child.stderr?.on('data', append);
  child.on('error', reject);
  child.on('close', (code) => {
    if (code === 0) resolve();
    else
      reject(
        new Error(`PostgreSQL's initdb failed (exit code ${code}): ${output.trim().split('\n').slice(-5).join(' ')}`),
      );
  });
  return promise;
}
