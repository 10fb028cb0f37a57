import { chown, mkdir } from 'node:fs/promises';
import { findPostgresBinaries } from '#platform/embedded-postgres/binaries.ts';
import { chooseServerIdentity } from '#platform/embedded-postgres/server-identity.ts';
import { explainDiskError, StartError } from '../terminal/start-error.ts';

const archiveSecondsMax = 60;

/**
 * Settings with which the server copies each finished file of its log into a folder, durably, by its own module basic_archive. A file is
 * finished after a minute at the latest: so much may be lost with the machine. Makes the folder, for the server's user.
 *
 * @throws StartError when the folder cannot be made
 */
export async function archiveSettings(options: {
  dataDirectory: string;
  walArchive: string | undefined;
}): Promise<Record<string, string>> {
  const { dataDirectory, walArchive = '' } = options;
  if (/[,'"\\\s]/.test(walArchive))
    throw new StartError('--wal-archive takes a path without spaces, quotes and commas');
  try {
    await mkdir(walArchive, { recursive: true, mode: 0o700 });
    const { uid, gid } = await chooseServerIdentity(dataDirectory, (await findPostgresBinaries()).postgres);
    if (uid !== undefined && gid !== undefined) await chown(walArchive, uid, gid);
  } catch (error) {
    throw explainDiskError(error, walArchive);
  }
  return {
    archive_mode: 'on',
    archive_library: 'basic_archive',
    'basic_archive.archive_directory': walArchive,
    archive_timeout: String(archiveSecondsMax),
  };
}
