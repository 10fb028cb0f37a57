import { once } from 'node:events';
import type { FeedWake } from '#platform/feed/wake.ts';
import { createFeedWake } from '#platform/feed/wake.ts';
import type { Lease } from '#platform/postgres/lease.ts';
import { holdLease } from '#platform/postgres/lease.ts';
import type { Progress, ShardFault } from './follower.ts';
import { Follower, isShardFault } from './follower.ts';
import { ShardElsewhereError } from './shard-elsewhere-error.ts';
import type { ShardHint } from './shard-hint.ts';
import { createShardHint } from './shard-hint.ts';
import type { Term, TermOptions } from './term.ts';
import { startTerm } from './term.ts';
import { Whereabouts } from './whereabouts.ts';

/** What this process is to a shard. */
export type ShardState = 'rebuilding' | 'following' | 'taking over' | 'serving' | 'handing over';

/** A shard that this process serves, or stands by for. */
export type ShardHolder = AsyncDisposable & {
  shard: number;
  state(): ShardState;
  /** Whether the shard is served here now. */
  held(): boolean;
  /** The running term. Throws ShardElsewhereError unless the shard is served here and the lease is certainly held. */
  term(): Term;
  /** The running term, whatever its lease, for those who look without answering. */
  running(): Term | undefined;
  /** How far this process's engine is. */
  progress(): Progress;
  /** Has a standby look at the journal now. */
  hurry(): void;
  /** Where the shard is served. */
  whereabouts: Whereabouts;
  /** Notified when `state` changes. */
  changed: FeedWake;
  /** Tells that the lease of a token is free, whatever its time says. */
  hint: ShardHint;
  /**
   * Hands the shard over: no call gets the term while `give` works with it, and the term has ended when it resolves. The term goes
   * on when it rejects.
   */
  handOver<T>(give: (term: Term, leaseToken: bigint) => Promise<T>): Promise<T>;
  /** Token of the lease under which the shard is served; undefined when it is not. */
  leaseToken(): bigint | undefined;
  /** Resolves when the engine was built for the first time. */
  built: Promise<void>;
  /**
   * Settles when the holder has given up: rejects with JournalDamagedError when the journal cannot be trusted, and with
   * RulesUnknownError when only a later release can go on with it.
   */
  ended: Promise<void>;
};

/** How to hold a shard. */
export type ShardHolderOptions = Omit<TermOptions, 'signal' | 'takeEngine'> & {
  /** How long a silent holder keeps the lease, default 1 s. */
  leaseTtlMs?: number;
  /** Runs when the state has changed. */
  onChange: () => void;
};

/** Why a term ended that was handed over. */
export class HandedOverError extends Error {
  override name = 'HandedOverError';
}

/**
 * Holds a shard or stands by for it:
 *
 *     rebuilding -> following         the engine has reached the head of the journal
 *     following -> taking over        the lease is this process's
 *     taking over -> serving          the new token is committed and the tail carried out
 *     serving -> handing over         an operator asked, or the process drains
 *     handing over -> following       a standby serves; or -> serving when none could
 *     serving -> following            the lease is lost while nothing is in flight, else -> rebuilding
 *
 * The lease only spares takeovers; what keeps two writers apart is the token in each append.
 */
export function holdShard(options: ShardHolderOptions): ShardHolder {
  const { shard, db, claimant, leaseTtlMs = 1_000, logger } = options;
  const stop = new AbortController();
  const changed = createFeedWake();
  const hint = createShardHint();
  const whereabouts = new Whereabouts(db, shard);
  const built = Promise.withResolvers<void>();
  let current: { term: Term; lease: Lease } | undefined;
  let state: ShardState = 'rebuilding';
  let fault: ShardFault | undefined;

  const enter = (next: ShardState) => {
    state = next;
    whereabouts.forget();
    options.onChange();
    changed.notify();
  };
  const fail = (error: ShardFault) => {
    fault = error;
    built.reject(error);
    stop.abort();
  };
  const onBuilt = () => {
    if (state === 'rebuilding') enter('following');
    built.resolve();
  };
  const follower = new Follower({ db, shard, logger, onBuilt, onFault: fail });

  const serve = async (lease: Lease) => {
    let term: Term | undefined;
    try {
      enter('taking over');
      const { signal } = lease;
      term = await startTerm({ ...options, signal, takeEngine: () => follower.take() });
      current = { term, lease };
      enter('serving');
      const over = AbortSignal.any([signal, term.signal]);
      if (!over.aborted) await once(over, 'abort');
      term.stop(signal.reason);
      if (!stop.signal.aborted) logger.warn({ shard, error: term.signal.reason }, 'the shard is no longer served here');
    } finally {
      current = undefined;
      const engine = term?.salvage();
      enter(engine || follower.isBuilt ? 'following' : 'rebuilding');
      await term?.snapshots.settled;
      if (!stop.signal.aborted && !follower.isRunning) follower.start(engine);
    }
  };
  const whileHeld = async (lease: Lease) => {
    try {
      await serve(lease);
    } catch (error) {
      if (!isShardFault(error)) throw error;
      fail(error);
    }
  };
  const hold = async () => {
    follower.start();
    const stopped = once(stop.signal, 'abort');
    await Promise.race([built.promise.catch(() => {}), stopped]);
    const lease = { name: `exchange-shard-${shard}`, holder: claimant.holder, ttlMs: leaseTtlMs, hint };
    // What it commits is fenced by the shard's token; a database that stalls must not cost the engine.

    await holdLease({ ...lease, outlastsExpiry: true, db, logger, signal: stop.signal, whileHeld });
    await follower[Symbol.asyncDispose]();
    if (fault) throw fault;
  };
  const ended = hold();
  ended.catch(() => {});
  built.promise.catch(() => {});
  return {
    shard,
    ended,
    built: built.promise,
    changed,
    hint,
    whereabouts,
    state: () => state,
    held: () => state === 'serving',
    leaseToken: () => current?.lease.token,
    term() {
      if (state !== 'serving' || !current?.lease.isValid()) throw new ShardElsewhereError(shard);
      return current.term;
    },
    running: () => current?.term,
    progress: () => current?.term.head() ?? follower.progress(),
    hurry: () => follower.hurry(),
    async handOver(give) {
      const serving = current;
      if (state !== 'serving' || !serving) throw new ShardElsewhereError(shard);
      enter('handing over');
      try {
        const result = await give(serving.term, serving.lease.token);
        serving.term.stop(new HandedOverError('the shard was handed over'));
        return result;
      } finally {
        // Unless the term is over, it goes on.
        if (current === serving && !serving.term.signal.aborted) enter('serving');
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended.catch(() => {});
    },
  };
}
