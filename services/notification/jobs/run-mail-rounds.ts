/** Works off the queue of deliveries in rounds: what ended is recorded by one statement, what is due is claimed by another. */
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import type { ClaimedDelivery, Outcome } from '../domain/message.ts';
import type { DueTime } from './due-time.ts';
import type { MailWork } from './mail-work.ts';

/** What was claimed, and when the queue is to be read next; undefined: nothing is known to become due. */
export type ClaimedMails = { deliveries: ClaimedDelivery[]; nextDueMs: number | undefined };

/** The queue, and how often to look at it. */
export type MailRoundsOptions = {
  claim: (limit: number) => Promise<ClaimedMails>;
  record: (outcomes: Outcome[]) => Promise<void>;
  work: MailWork;
  dueMails: DueTime;
  /** Unix milliseconds. */
  nowMs: () => number;
  /** From the first mail that is due to its claim, when there has been no round for a while: others go along with it. */
  lingerMs: number;
  /** The least time from one round to the next, in ms. */
  roundMs: number;
  /** How long to rest at most when nothing is due: other replicas' rows, and those of dead ones, are found by it alone. */
  pollMs: number;
  /** Aborts to claim no more. */
  signal: AbortSignal;
  logger: Logger;
};

/** Runs until the signal aborts, then waits for the mails in work. Never rejects. */
export async function runMailRounds(options: MailRoundsOptions): Promise<void> {
  const { work, dueMails, lingerMs, roundMs, pollMs, signal, logger } = options;
  let failures = 0;
  while (!signal.aborted) {
    const nextRoundMs = performance.now() + roundMs;
    try {
      await record(options);
      await claim(options);
      failures = 0;
    } catch (error) {
      logger.warn({ error, failures }, 'the queue of mails cannot be worked on at the moment');
      // What was claimed by a statement whose answer was lost is due again when the claim ends.
      dueMails.expect(options.nowMs());
      await pause(backoffMs(failures++, 100, 5_000), signal);
    }
    // Random, so that replicas take turns.
    if (work.isEmpty()) await dueMails.wait(pollMs * (0.9 + Math.random() / 5), signal);
    await pause(Math.max(lingerMs, nextRoundMs - performance.now()), signal);
  }
  await work.finish();
  await record(options).catch((error) => logger.warn({ error }, 'outcomes of mails could not be stored'));
}

async function claim({ claim: claimDue, work, dueMails }: MailRoundsOptions): Promise<void> {
  const limit = work.room();
  if (limit <= 0 || !dueMails.take()) return;
  const { deliveries, nextDueMs } = await claimDue(limit);
  work.add(deliveries);
  if (nextDueMs !== undefined) dueMails.expect(nextDueMs);
}

async function record({ record: store, work, dueMails }: MailRoundsOptions): Promise<void> {
  const outcomes = work.takeOutcomes();
  if (outcomes.length === 0) return;
  // When it fails, the deliveries are due again when their claims end, as after a crash.
  await store(outcomes);
  for (const outcome of outcomes) if (outcome.type === 'again') dueMails.expect(outcome.nextTimeMs);
}
