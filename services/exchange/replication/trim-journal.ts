import type { Sql } from '#platform/postgres/sql.ts';
import { pause } from '#platform/time/pause.ts';
import { deleteGroups } from '../store/delete-groups.ts';
import { moveJournalStart } from '../store/move-journal-start.ts';
import { type JournalStart, readJournalStart } from '../store/read-journal-start.ts';

/** Those that must have confirmed a group before it is deleted. The ledger confirms for portfolio, which follows the ledger's own feed. */
export const confirmingFollowers: readonly string[] = ['ledger', 'order', 'auto', 'audit'];

/** Groups of one statement, and the time between two: an append never waits long for the disk. */
const stepGroupsMax = 500;
const stepPauseMs = 50;

/** What trimming needs. */
export type TrimOptions = {
  db: Sql;
  shard: number;
  /** Snapshots that there must be: a recovery may need any of them. */
  snapshotsMin: number;
  /** Runs with where the journal begins from now on, before anything is deleted. */
  onStart?: (start: JournalStart) => void;
  signal: AbortSignal;
};

/**
 * Deletes the groups that no recovery and no follower needs any more, in small steps. Any number of processes may do it at once. Resolves to
 * where the journal begins then.
 */
export async function trimJournal(options: TrimOptions): Promise<JournalStart> {
  const { db, shard, snapshotsMin, onStart, signal } = options;
  // Before anything is deleted: who misses a group must find here that it was deleted.
  await moveJournalStart(db, { shard, followers: confirmingFollowers, snapshotsMin });
  const start = await readJournalStart(db, shard);
  onStart?.(start);
  while (!signal.aborted && start.groupNumber > 0) {
    if ((await deleteGroups(db, shard, start.groupNumber, stepGroupsMax)) < stepGroupsMax) break;
    await pause(stepPauseMs, signal);
  }
  return start;
}
