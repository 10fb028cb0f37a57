import type { Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { pause } from '#platform/time/pause.ts';
import { within } from '#platform/time/within.ts';
import { JournalTailLostError } from '../journal/errors.ts';
import { type JournalGroup, sameGroup } from '../journal/journal-group.ts';
import { appendGroup } from '../store/append-group.ts';
import { readGroup } from '../store/read-group.ts';
import { FencedError } from './errors.ts';

const answerTimeoutMs = 5_000;
const retryDelayMs = 50;

/**
 * Appends a group and resolves once it is certainly committed. A failed append may still have been committed: then the group is read by
 * its number, and appended again with the same bytes if it is not there. Rejects with FencedError when another process has the shard,
 * with JournalTailLostError when the group before it is gone, and with the signal's reason when it aborts while the outcome is unknown.
 */
export async function commitGroup(db: Sql, group: JournalGroup, signal: AbortSignal, logger: Logger): Promise<void> {
  for (;;) {
    try {
      if (await answerInTime(appendGroup(db, group))) return;
    } catch (error) {
      if (error instanceof JournalTailLostError) throw error;
      logger.warn({ error, group: group.groupNumber }, 'the outcome of an append is unknown; reading the group again');
      if (await isCommitted(db, group, signal, logger)) return;
      continue;
    }
    throw new FencedError(`the token ${group.token} of shard ${group.shard} is not the newest`);
  }
}

async function isCommitted(db: Sql, group: JournalGroup, signal: AbortSignal, logger: Logger): Promise<boolean> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const found = await answerInTime(readGroup(db, group.shard, group.groupNumber));
      if (found === undefined) return false;
      if (sameGroup(found, group)) return true;
      throw new FencedError(`group ${group.groupNumber} of shard ${group.shard} was written by another process`);
    } catch (error) {
      if (error instanceof FencedError) throw error;
      logger.warn({ error, group: group.groupNumber }, 'the group cannot be read yet');
      await pause(retryDelayMs, signal);
    }
  }
}

function answerInTime<T>(work: Promise<T>): Promise<T> {
  return within(answerTimeoutMs, work, () => new Error('the database does not answer'));
}
