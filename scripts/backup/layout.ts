/** What lies in the folder of a backup: `postgres/base.tar`, the files below, and what it is of. */

/** Files and folders of the data folder without which its database cannot be opened, and calls not be signed. */
export const companions = ['secrets.json', 'keys', 'clock.json'] as const;

/** Name of the description of a backup; it is written last. */
export const descriptionFile = 'backup.json';

/** What a backup is of. */
export type BackupDescription = {
  version: 1;
  /** When it was begun. RFC 3339. */
  startTime: string;
  /** Version of the server. */
  postgres: string;
  /** Where the server's log goes; empty: nowhere, and the backup can be restored to its own time alone. */
  walArchive: string;
};
