/** Stores the quotes of the past: one replica at a time, what its view has seen. */
import type { Clock } from '#platform/clock/clock.ts';
import { holdLease, type Lease } from '#platform/postgres/lease.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { logRetry } from '#platform/telemetry/log-retry.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { pause } from '#platform/time/pause.ts';
import type { PastQuote } from '../domain/past-quote.ts';
import { savePastQuotes } from '../store/past-quotes.ts';
import type { QuoteSampler } from '../view/quote-sampler.ts';

/** What storing quotes needs. */
export type RecordQuotesOptions = {
  db: Database;
  /** Begins to note quotes; what it returns is disposed in the end. */
  sample: () => QuoteSampler;
  clock: Pick<Clock, 'nowMs'>;
  /** Names this process in the lease. */
  holder: string;
  logger: Logger;
  signal: AbortSignal;
  /** From one statement to the next; default 1 s. */
  intervalMs?: number;
};

const rowsAtOnceMax = 2_000;
/** Quotes that wait for a database that is away; beyond it the oldest are given up. */
const unsavedMax = 10_000;

/**
 * Stores what the sampler has noted, once a second while this process holds the lease, until the signal aborts. A process that takes the lease over
 * begins with what it noted meanwhile, so a second is missing only where no process saw it.
 */
export async function recordQuotes(options: RecordQuotesOptions): Promise<void> {
  const { db, sample, holder, logger, signal } = options;
  using sampler = sample();
  const whileHeld = (lease: Lease) => recordWhileHeld(options, sampler, lease);
  await holdLease({ db, name: 'quotes', holder, logger, signal, whileHeld });
}

async function recordWhileHeld(
  { db, clock, logger, intervalMs = 1_000 }: RecordQuotesOptions,
  sampler: QuoteSampler,
  { signal }: Lease,
): Promise<void> {
  let unsaved: PastQuote[] = [];
  while (!signal.aborted) {
    unsaved = [...unsaved, ...sampler.take(clock.nowMs())].slice(-unsavedMax);
    try {
      while (unsaved.length > 0) {
        await savePastQuotes(db, unsaved.slice(0, rowsAtOnceMax));
        unsaved = unsaved.slice(rowsAtOnceMax);
      }
    } catch (error) {
      if (!signal.aborted) logRetry(logger, {}, error, 'the quotes could not be stored yet');
    }
    await pause(intervalMs, signal);
  }
}
