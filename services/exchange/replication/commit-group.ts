import { OutcryError } from '#platform/errors/outcry-error.ts';
import { failureCode } from '#platform/postgres/failures.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { within } from '#platform/time/within.ts';
import { type JournalGroup, sameGroup } from '../journal/journal-group.ts';
import { appendGroup } from '../store/append-group.ts';
import { readGroup } from '../store/read-group.ts';
import { FencedError } from './errors.ts';

const answerTimeoutMs = 5_000;
const [retryBaseMs, retryMaxMs] = [20, 1_000];
// About four seconds of attempts: from then on it is for an operator.
const alarmAttempts = 8;

/** The database did not answer in time: what it was asked for may have happened. */
class NoAnswerError extends Error {
  override name = 'NoAnswerError';
}

// Failures that end without a change to the program or to its rights: interrupted and conflicting statements, a disk or a memory that is
// full, too many connections, a server that is read-only or recovering, and its own errors of input and output.
const transientStates = new Set([
  ...[
    '40001',
    '40P01',
    '55P03',
    '57014',
    '25006',
    '25P03',
    '53000',
    '53100',
    '53200',
    '53300',
    '53400',
    '58000',
    '58030',
  ],
  // The group's number exists: it is read again, and is this one or another process's.
  '23505',
]);

/** What a commit needs beside the group. */
export type CommitOptions = {
  /** Aborts when the term ends. */
  signal: AbortSignal;
  logger: Logger;
};

/**
 * Appends a group and resolves once it is certainly committed. A failed append may still have been committed: then the group is read by
 * its number, and appended again with the same bytes if it is not there, after a pause that grows to a second. Rejects with FencedError
 * when another process has the shard, with JournalTailLostError when the group before it is gone, with the database's error when it is none
 * that ends by itself, and with the signal's reason when the signal aborts while the outcome is unknown.
 */
export async function commitGroup(db: Sql, group: JournalGroup, options: CommitOptions): Promise<void> {
  let mayExist = false;
  for (let attempt = 0; ; attempt++) {
    try {
      if (mayExist && (await isCommitted(db, group))) return;
      mayExist = true;
      if (await answerInTime(appendGroup(db, group))) return;
      throw new FencedError(`the token ${group.token} of shard ${group.shard} is not the newest`);
    } catch (error) {
      if (!isTransient(error)) throw error;
      await pauseAfter(error, attempt, group, options);
    }
  }
}

async function pauseAfter(error: unknown, attempt: number, group: JournalGroup, { signal, logger }: CommitOptions) {
  const { shard, groupNumber } = group;
  const level = attempt < alarmAttempts ? 'warn' : 'error';
  logger[level]({ error, shard, group: groupNumber, attempt }, 'a group is not known to be committed; trying again');
  await pause(backoffMs(attempt, retryBaseMs, retryMaxMs), signal);
  signal.throwIfAborted();
}

async function isCommitted(db: Sql, group: JournalGroup): Promise<boolean> {
  const found = await answerInTime(readGroup(db, group.shard, group.groupNumber));
  if (found === undefined) return false;
  if (sameGroup(found, group)) return true;
  throw new FencedError(`group ${group.groupNumber} of shard ${group.shard} was written by another process`);
}

/** Whether an error may be gone at the next attempt. One that is not ends the term: another process may do better. */
function isTransient(error: unknown): boolean {
  if (error instanceof FencedError) return false;
  return error instanceof OutcryError || error instanceof NoAnswerError || transientStates.has(failureCode(error));
}

function answerInTime<T>(work: Promise<T>): Promise<T> {
  return within(answerTimeoutMs, work, () => new NoAnswerError('the database does not answer'));
}
