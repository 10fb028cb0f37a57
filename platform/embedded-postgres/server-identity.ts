import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The system user that the server runs as. PostgreSQL refuses to run as root, so root starts it as another user.
 * `launcher` is a command put in front when that user needs one capability to reach the folders.
 */
export type ServerIdentity = { uid?: number; gid?: number; launcher: string[] };

const userName = 'postgres';

/**
 * Chooses the identity for a data directory: our own, unless we are root; then the owner of existing data, else the
 * system user `postgres`, made when it is missing. Throws an error that says what to do when that user cannot reach
 * the programs or the data.
 */
export async function chooseServerIdentity(dataDirectory: string, postgresPath: string): Promise<ServerIdentity> {
  const ownUid = process.getuid?.();
  const owner = await stat(dataDirectory).then(
    ({ uid, gid }) => ({ uid, gid }),
    () => undefined,
  );
  if (ownUid === undefined) return { launcher: [] };
  if (ownUid !== 0) {
    if (owner && owner.uid !== ownUid) {
      throw new Error(`The data directory ${dataDirectory} belongs to another user (uid ${owner.uid}); use that user.`);
    }
    return { launcher: [] };
  }
  const { uid, gid } = owner && owner.uid !== 0 ? owner : (findUser() ?? createUser());
  const plain: ServerIdentity = { uid, gid, launcher: [] };
  await mkdir(dirname(dataDirectory), { recursive: true });
  if (canReach(plain, postgresPath, dataDirectory)) return plain;
  return withReadSearch(plain, postgresPath, dataDirectory);
}

/** Starts a program under the identity, in the root folder, since our own may be closed to that user. */
export function spawnAs(
  identity: ServerIdentity,
  program: string,
  args: string[],
  options: SpawnOptions = {},
): ChildProcess {
  const { command, commandArgs, ids } = commandLine(identity, program, args);
  return spawn(command, commandArgs, { cwd: '/', ...options, ...ids });
}

function commandLine({ launcher, uid, gid }: ServerIdentity, program: string, args: string[]) {
  const [command, ...rest] = [...launcher, program, ...args] as [string, ...string[]];
  return { command, commandArgs: rest, ids: launcher.length === 0 ? { uid, gid } : {} };
}

function canReach(identity: ServerIdentity, postgresPath: string, dataDirectory: string): boolean {
  const script = 'test -x "$0" && test -x "$1"';
  const { command, commandArgs, ids } = commandLine(identity, '/bin/sh', [
    '-c',
    script,
    postgresPath,
    dirname(dataDirectory),
  ]);
  return spawnSync(command, commandArgs, { cwd: '/', ...ids }).status === 0;
}

/**
 * A checkout below a folder that only root may enter (a private home, a `mktemp -d`) is no reason to widen that
 * folder's mode: the server gets the one capability to pass through folders instead.
 */
function withReadSearch(plain: ServerIdentity, postgresPath: string, dataDirectory: string): ServerIdentity {
  for (const capability of ['+dac_read_search', '+dac_override']) {
    const launcher = [
      'setpriv',
      `--reuid=${plain.uid}`,
      `--regid=${plain.gid}`,
      '--clear-groups',
      `--inh-caps=${capability}`,
      `--ambient-caps=${capability}`,
      '--',
    ];
    const identity = { ...plain, launcher };
    if (canReach(identity, postgresPath, dataDirectory)) return identity;
  }
  throw new Error(
    `PostgreSQL does not run as root, and the system user it runs as (uid ${plain.uid}) may not enter every folder above ` +
      `${postgresPath} and ${dataDirectory}. Move the checkout to a folder that others may enter, run as an ordinary ` +
      'user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

function findUser(): { uid: number; gid: number } | undefined {
  const uid = spawnSync('id', ['-u', userName], { encoding: 'utf8' });
  const gid = spawnSync('id', ['-g', userName], { encoding: 'utf8' });
  if (uid.status !== 0 || gid.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function createUser(): { uid: number; gid: number } {
  const attempts: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', userName]],
    ['adduser', ['-S', '-D', '-H', userName]],
  ];
  for (const [command, args] of attempts) {
    if (spawnSync(command, args).status === 0) {
      const user = findUser();
      if (user) return user;
    }
  }
  throw new Error(
    `PostgreSQL does not run as root, and the system user ${userName} could not be made. Make it, run as an ordinary ` +
      'user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}
