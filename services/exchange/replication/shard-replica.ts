import { once } from 'node:events';
import { createFeedWake, type FeedWake } from '#platform/feed/wake.ts';
import { holdLease, type Lease } from '#platform/postgres/lease.ts';
import { Follower, isShardFault, type Progress, type ShardFault } from './follower.ts';
import { createShardHint, type ShardHint } from './lease-trigger.ts';
import { ShardElsewhereError } from './shard-elsewhere-error.ts';
import { Whereabouts } from './shard-locator.ts';
import { startTerm, type Term, type TermOptions } from './term.ts';

/** What this process is to a shard. */
export type ShardState = 'passing on' | 'rebuilding' | 'following' | 'taking over' | 'serving' | 'handing over';

/** How to hold a shard. */
export type ShardHolderOptions = Omit<TermOptions, 'signal' | 'takeEngine'> & {
  /** Whether this process may serve the shard; one that may not only passes its calls on. Default true. */
  takesPart?: boolean;
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
 *     passing on                      the shard is left to other processes
 *     rebuilding -> following         the engine has reached the head of the journal
 *     following -> taking over        the lease is this process's
 *     taking over -> serving          the new token is committed and the tail carried out
 *     serving -> handing over         an operator asked, or the process drains
 *     handing over -> following       a standby serves; or -> serving when none could
 *     serving -> following            the lease is lost while nothing is in flight, else -> rebuilding
 *
 * The lease only spares takeovers; what keeps two writers apart is the token in each append.
 */
export class ShardHolder implements AsyncDisposable {
  readonly shard: number;
  /** Where the shard is served. */
  readonly whereabouts: Whereabouts;
  /** Notified when `state` changes. */
  readonly changed: FeedWake = createFeedWake();
  /** Has this process try for the lease at once. */
  readonly hint: ShardHint = createShardHint();
  /** Resolves when the engine was built for the first time; rejects as `ended` does. */
  readonly built: Promise<void>;
  /**
   * Settles when the holder has given up: rejects with JournalDamagedError when the journal cannot be trusted, and with
   * RulesUnknownError when only a later release can go on with it.
   */
  readonly ended: Promise<void>;
  readonly #options: ShardHolderOptions;
  readonly #follower: Follower;
  readonly #firstBuilt = Promise.withResolvers<void>();
  readonly #stop = new AbortController();
  #state: ShardState = 'rebuilding';
  #serving: { term: Term; lease: Lease } | undefined;
  #fault: ShardFault | undefined;

  constructor(options: ShardHolderOptions) {
    const { shard, db, logger } = options;
    this.shard = shard;
    this.#options = options;
    this.whereabouts = new Whereabouts(db, shard);
    const onBuilt = () => this.#onBuilt();
    const onFault = (fault: ShardFault) => this.#fail(fault);
    this.#follower = new Follower({ db, shard, logger, onBuilt, onFault });
    this.built = this.#firstBuilt.promise;
    this.built.catch(() => {});
    this.ended = (options.takesPart ?? true) ? this.#run() : this.#passOn();
    this.ended.catch(() => {});
  }

  /** What this process is to the shard now. */
  get state(): ShardState {
    return this.#state;
  }

  /** The running term. Throws ShardElsewhereError unless the shard is served here and the lease is certainly held. */
  term(): Term {
    if (this.#state !== 'serving' || !this.#serving?.lease.isValid()) throw new ShardElsewhereError(this.shard);
    return this.#serving.term;
  }

  /** The running term, whatever its lease, for those who look without answering. */
  running(): Term | undefined {
    return this.#serving?.term;
  }

  /** Token of the lease under which the shard is served; undefined when it is not. */
  leaseToken(): bigint | undefined {
    return this.#serving?.lease.token;
  }

  /** How far this process's engine is. */
  progress(): Progress {
    return this.#serving?.term.head() ?? this.#follower.progress();
  }

  /** Has a standby look at the journal now. */
  hurry(): void {
    this.#follower.hurry();
  }

  /**
   * Hands the shard over: no call gets the term while `give` works with it, and the term has ended when it resolves. The term goes
   * on when it rejects.
   */
  async handOver<T>(give: (term: Term, leaseToken: bigint) => Promise<T>): Promise<T> {
    const serving = this.#serving;
    if (this.#state !== 'serving' || !serving) throw new ShardElsewhereError(this.shard);
    this.#enter('handing over');
    try {
      const result = await give(serving.term, serving.lease.token);
      serving.term.stop(new HandedOverError('the shard was handed over'));
      return result;
    } finally {
      if (this.#serving === serving && !serving.term.signal.aborted) this.#enter('serving');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.ended.catch(() => {});
  }

  async #passOn(): Promise<void> {
    this.#state = 'passing on';
    this.#firstBuilt.resolve();
    await once(this.#stop.signal, 'abort');
  }

  async #run(): Promise<void> {
    const { db, shard, claimant, leaseTtlMs = 1_000, logger } = this.#options;
    const { signal } = this.#stop;
    this.#follower.start();
    await Promise.race([this.built.catch(() => {}), once(signal, 'abort')]);
    await holdLease({
      ...{ db, name: `exchange-shard-${shard}`, holder: claimant.holder, ttlMs: leaseTtlMs, hint: this.hint },
      // What it commits is fenced by the shard's token; a database that stalls must not cost the engine.
      outlastsExpiry: true,
      // Another one may be able to go on at once.
      mayTry: () => this.#follower.isBuilt,
      whileHeld: (lease) => this.#hold(lease),
      logger,
      signal,
    });
    await this.#follower[Symbol.asyncDispose]();
    if (this.#fault) throw this.#fault;
  }

  async #hold(lease: Lease): Promise<void> {
    let term: Term | undefined;
    try {
      this.#enter('taking over');
      const takeEngine = () => this.#follower.take();
      term = await startTerm({ ...this.#options, signal: lease.signal, takeEngine });
      await this.#serve(term, lease);
    } catch (error) {
      if (!isShardFault(error)) throw error;
      this.#fail(error);
    } finally {
      this.#serving = undefined;
      const engine = term?.salvage();
      this.#enter(engine || this.#follower.isBuilt ? 'following' : 'rebuilding');
      await term?.snapshots.settled;
      if (!this.#stop.signal.aborted && !this.#follower.isRunning) this.#follower.start(engine);
    }
  }

  async #serve(term: Term, lease: Lease): Promise<void> {
    const { shard, logger } = this.#options;
    this.#serving = { term, lease };
    this.#enter('serving');
    const over = AbortSignal.any([lease.signal, term.signal]);
    if (!over.aborted) await once(over, 'abort');
    term.stop(lease.signal.reason);
    const { reason } = term.signal;
    if (reason instanceof HandedOverError) logger.info({ shard }, reason.message);
    else if (!this.#stop.signal.aborted) logger.warn({ shard, error: reason }, 'the shard is served here no more');
  }

  #enter(state: ShardState): void {
    this.#state = state;
    this.whereabouts.forget();
    this.#options.onChange();
    this.changed.notify();
  }

  #onBuilt(): void {
    if (this.#state === 'rebuilding') this.#enter('following');
    this.#firstBuilt.resolve();
    this.hint.tryNow();
  }

  #fail(fault: ShardFault): void {
    this.#fault = fault;
    this.#firstBuilt.reject(fault);
    this.#stop.abort();
  }
}
