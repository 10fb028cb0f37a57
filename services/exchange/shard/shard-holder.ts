import { once } from 'node:events';
import { holdLease } from '#platform/postgres/lease.ts';
import { JournalDamagedError } from '../journal/journal-damaged-error.ts';
import { RulesUnknownError } from '../journal/rules-unknown-error.ts';
import { notTheHolder } from './sequencer.ts';
import type { Term, TermOptions } from './term.ts';
import { startTerm } from './term.ts';

/** A shard that this process holds, or waits for. */
export type ShardHolder = AsyncDisposable & {
  shard: number;
  /** Whether the shard is held and served now. */
  held(): boolean;
  /** The running term. Throws UNAVAILABLE NOT_THE_SHARD_HOLDER when another process holds the shard. */
  term(): Term;
  /**
   * Settles when the holder has given up: rejects with JournalDamagedError when the journal cannot be trusted, and with
   * RulesUnknownError when only a later release can go on with it.
   */
  ended: Promise<void>;
};

/** How to hold a shard. */
export type ShardHolderOptions = Omit<TermOptions, 'signal'> & {
  /** How long a silent holder keeps the lease, default 3 s. */
  leaseTtlMs?: number;
  /** Runs when the shard was won or lost. */
  onChange: (held: boolean) => void;
};

/**
 * Waits for the shard's lease, serves the shard while it is held, and begins again when it was lost: waiting -> rebuilding ->
 * serving -> waiting. The lease only spares takeovers; what keeps two writers apart is the token in each append.
 */
export function holdShard(options: ShardHolderOptions): ShardHolder {
  const { shard, db, holder, leaseTtlMs, logger, onChange } = options;
  const stop = new AbortController();
  let current: Term | undefined;
  let fault: JournalDamagedError | RulesUnknownError | undefined;

  const serve = async (signal: AbortSignal) => {
    const term = await startTerm({ ...options, signal });
    current = term;
    onChange(true);
    try {
      if (!signal.aborted && !term.signal.aborted) {
        const over = AbortSignal.any([signal, term.signal]);
        await once(over, 'abort');
      }
      if (term.signal.aborted) logger.warn({ shard, error: term.signal.reason }, 'stepping down');
    } finally {
      current = undefined;
      onChange(false);
      term.stop(signal.reason);
      await term.snapshots.settled;
    }
  };
  const ended = holdLease({
    db,
    name: `exchange-shard-${shard}`,
    holder,
    ttlMs: leaseTtlMs,
    logger,
    signal: stop.signal,
    whileHeld: async ({ signal }) => {
      try {
        await serve(signal);
      } catch (error) {
        if (!(error instanceof JournalDamagedError || error instanceof RulesUnknownError)) throw error;
        fault = error;
        stop.abort();
      }
    },
  }).then(() => {
    if (fault) throw fault;
  });
  ended.catch(() => {});
  return {
    shard,
    ended,
    held: () => current !== undefined,
    term() {
      if (!current) throw notTheHolder();
      return current;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended.catch(() => {});
    },
  };
}
