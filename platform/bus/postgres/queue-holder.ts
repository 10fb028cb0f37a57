import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { startInterval } from '#platform/time/timer.ts';
import { createAttempts } from '../attempt.ts';
import type { Subscription } from '../bus.ts';
import { createPatience, stoppedDelayMs, unreachableMax } from '../patience.ts';
import { createQueueLag } from './queue-lag.ts';
import { pollMs, type QueueLease, releaseQueue, renewQueue } from './queue-lease.ts';
import { type LogEvent, type LogPage, readPage } from './read-page.ts';
import { claimRetries, failed, type SetAside, setAside, settleRetries, untried } from './retries.ts';

/** The work of the one process that holds a queue. */
export type QueueHolder = {
  /**
   * Handles the retries that are due and the next page. Resolves to the time in ms until there may be more, 0 for at once, or to undefined
   * when another process has taken the queue.
   */
  work(): Promise<number | undefined>;
  /** Frees the queue for the next holder. */
  release(): Promise<void>;
};

const defaultPageSizeMax = 500;
/** Retries that failed before are tried singly: so many between two pages. */
const singleRetriesMax = 20;
/** After so many holders that ended without a word at the same position, each event of its page is tried by itself, with its attempts counted. */
const unfinishedMax = 3;
/** What is due but locked, such as by a holder that was replaced, must not be asked for in a tight loop. */
const lockedWaitMs = 20;

type HolderOptions = {
  db: Database;
  subscription: Subscription;
  lease: QueueLease;
  logger: Logger;
  metrics?: Metrics;
  signal: AbortSignal;
};

/** Begins at the lease's position. The position is saved with the next read: what a dead holder had handled since is delivered again. */
export function createQueueHolder(options: HolderOptions): QueueHolder {
  const { db, subscription, lease, signal } = options;
  const { queue, types, pageSizeMax = defaultPageSizeMax } = subscription;
  const isOwn = new Set(types);
  const attempt = createAttempts(options);
  let { position, unfinished } = lease;
  const patience = createPatience();
  const lag = createQueueLag(options.metrics, queue);

  /** Resolves to what is to be set aside; undefined when the page waits. */
  const handlePage = async (events: LogEvent[]): Promise<SetAside[] | undefined> => {
    if (unfinished >= unfinishedMax) {
      return events.map(({ sequence, event }) => untried(sequence, { isForeign: !isOwn.has(event.type) }));
    }
    const own = events.filter(({ event }) => isOwn.has(event.type));
    const aside = events
      .filter(({ event }) => !isOwn.has(event.type))
      .map(({ sequence }) => untried(sequence, { isForeign: true }));
    if (own.length === 0) return aside;
    // Without its age: whatever it is, the failure is settled by it once the event is a retry.
    const deliveries = own.map(({ event }) => ({ event, attempt: 1, publishTimeMs: Date.now() }));
    const settlements = await attempt(deliveries, patience.unreachableMax());
    if (settlements === undefined) return undefined;
    const sequences = new Map(own.map(({ sequence, event }) => [event.id, sequence]));
    const failures = settlements.filter(({ outcome }) => outcome !== 'done');
    return [
      ...aside,
      ...failures.map((settlement) => failed(sequences.get(settlement.delivery.event.id) as bigint, settlement)),
    ];
  };

  /** Resolves to whether there is more to do at once: the page again, or what is behind it. */
  const pass = async (page: LogPage): Promise<boolean> => {
    const aside = page.events.length > 0 ? await handlePage(page.events) : [];
    if (aside === undefined) {
      await patience.wait(signal);
      return true;
    }
    if (aside.length > 0) await setAside(db, lease, page.end, aside);
    if (page.end > position) unfinished = 0;
    position = page.end;
    patience.reset();
    // When the retries are due that were set aside is known from the next read.
    return page.hasMore || aside.length > 0;
  };

  const retry = async (tried: 'never' | 'before', limit: number): Promise<number> => {
    const deliveries = await claimRetries(db, { queue, types, tried, limit });
    if (deliveries.length === 0) return 0;
    const settlements =
      (await attempt(deliveries, unreachableMax)) ??
      deliveries.map((delivery) => ({ delivery, outcome: 'release' as const, delayMs: stoppedDelayMs, error: '' }));
    await settleRetries(db, queue, settlements);
    return deliveries.length;
  };

  const retryDue = async (): Promise<number> => {
    let count = await retry('never', pageSizeMax);
    // One by one: the attempts of the others must not count when one of them ends the process.
    for (let single = 0; single < singleRetriesMax && !signal.aborted; single += 1) {
      const claimed = await retry('before', 1);
      count += claimed;
      if (claimed === 0) break;
    }
    return count;
  };

  return {
    async work() {
      using _renewing = startInterval(pollMs, () => void renewQueue(db, lease).catch(() => {}));
      const page = await readPage(db, lease, { position, types, limit: pageSizeMax });
      if (page === undefined) return undefined;
      lag.set(page.head - position);
      const isDue = page.retryMs !== undefined && page.retryMs <= 0;
      const retried = isDue ? await retryDue() : 0;
      const hasMore = await pass(page);
      lag.set(page.head - position);
      if (hasMore || retried > 0) return 0;
      return Math.max(lockedWaitMs, Math.min(pollMs, page.retryMs ?? pollMs));
    },
    release() {
      lag.ended();
      return releaseQueue(db, lease, position);
    },
  };
}
