import { once } from 'node:events';
import { createNotifier, type Notifier } from '#platform/concurrency/notifier.ts';
import { holdLease, type Lease } from '#platform/postgres/lease.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { FencedError, HandedOverError, ShardElsewhereError } from './errors.ts';
import { Follower, isShardFault, type Progress, type ShardFault } from './follower.ts';
import { ClockFaultError } from './journal-clock.ts';
import { createLeaseTrigger, type LeaseTrigger } from './lease-trigger.ts';
import { ShardLocator } from './shard-locator.ts';
import { startTerm, type Term, type TermOptions } from './term.ts';

/** The state of a replica; see ShardReplica. */
export type ShardState = 'forwarding' | 'rebuilding' | 'following' | 'promoting' | 'serving' | 'handing-over';

/** How to run a replica. */
export type ShardReplicaOptions = Omit<TermOptions, 'signal' | 'takeEngine'> & {
  /** For the lease, and for finding the process that serves the shard: neither waits for an append that gets no answer. */
  leaseDb: Database;
  /** Whether this process may serve the shard; if not it only forwards calls. Default true. */
  takesPart?: boolean;
  /** Time after which the lease of a silent leader expires, default 1 s. */
  leaseTtlMs?: number;
  /** Runs when the state has changed. */
  onChange: () => void;
};

/**
 * This process's replica of a shard, as leader or standby:
 *
 *     forwarding                      other processes serve the shard; calls are forwarded to them
 *     rebuilding -> following         the engine has reached the head of the journal
 *     following -> promoting          this process has the lease
 *     promoting -> serving            the new token is committed and the tail of the journal carried out
 *     serving -> handing-over         an operator requested it, or the process drains
 *     handing-over -> following       a standby serves; or -> serving when none could
 *     serving -> following            the lease was lost with nothing in flight, else -> rebuilding
 *
 * The lease only avoids needless takeovers; two writers are kept apart by the token in each append.
 */
export class ShardReplica implements AsyncDisposable {
  readonly shard: number;
  /** Finds the process that serves the shard. */
  readonly locator: ShardLocator;
  /** Notified when `state` changes. */
  readonly changed: Notifier = createNotifier();
  /** Makes this process try for the lease at once. */
  readonly leaseTrigger: LeaseTrigger = createLeaseTrigger();
  /** Resolves once the engine was built for the first time; rejects as `ended` does. */
  readonly built: Promise<void>;
  /**
   * Settles when the replica has stopped: rejects with JournalDamagedError when the journal cannot be trusted, and with
   * RulesUnknownError when only a later release can carry it on.
   */
  readonly ended: Promise<void>;
  readonly #options: ShardReplicaOptions;
  readonly #follower: Follower;
  readonly #firstBuilt = Promise.withResolvers<void>();
  readonly #stop = new AbortController();
  #state: ShardState = 'rebuilding';
  #serving: { term: Term; lease: Lease } | undefined;
  #fault: ShardFault | undefined;
  #clockFaults = 0;

  constructor(options: ShardReplicaOptions) {
    const { shard, db, logger } = options;
    this.shard = shard;
    this.#options = options;
    this.locator = new ShardLocator(options.leaseDb, shard);
    const onBuilt = () => this.#onBuilt();
    const onFault = (fault: ShardFault) => this.#fail(fault);
    this.#follower = new Follower({ db, shard, logger, onBuilt, onFault });
    this.built = this.#firstBuilt.promise;
    this.built.catch(() => {});
    this.ended = (options.takesPart ?? true) ? this.#run() : this.#forwardOnly();
    this.ended.catch(() => {});
  }

  /** The present state. */
  get state(): ShardState {
    return this.#state;
  }

  /** The running term. Throws ShardElsewhereError unless the shard is served here and the lease is certainly held. */
  term(): Term {
    if (this.#state !== 'serving' || !this.#serving || !this.holdsLease()) throw new ShardElsewhereError(this.shard);
    return this.#serving.term;
  }

  /** Whether no other process can serve the shard yet, by this one's own clock. */
  holdsLease(): boolean {
    return this.#serving?.lease.isValid() ?? false;
  }

  /** The running term whatever its lease, for metrics and progress. */
  running(): Term | undefined {
    return this.#serving?.term;
  }

  /** Token of the lease under which the shard is served; undefined when it is not. */
  leaseToken(): bigint | undefined {
    return this.#serving?.lease.token;
  }

  /** Times that the shard was given up here, or not taken, because of the machine's clock. */
  get clockFaults(): number {
    return this.#clockFaults;
  }

  /** The position of this process's engine. */
  progress(): Progress {
    return this.#serving?.term.head() ?? this.#follower.progress();
  }

  /** Makes a standby read the journal now. */
  pollNow(): void {
    this.#follower.pollNow();
  }

  /**
   * Hands the shard over: no call gets the term while `give` runs, and the term has ended when this resolves. The term goes on when
   * `give` rejects.
   */
  async handOver<T>(give: (term: Term, leaseToken: bigint) => Promise<T>): Promise<T> {
    const serving = this.#serving;
    if (this.#state !== 'serving' || !serving) throw new ShardElsewhereError(this.shard);
    this.#enter('handing-over');
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

  async #forwardOnly(): Promise<void> {
    this.#state = 'forwarding';
    this.#firstBuilt.resolve();
    await once(this.#stop.signal, 'abort');
  }

  async #run(): Promise<void> {
    const { leaseDb: db, shard, self, leaseTtlMs = 1_000, logger } = this.#options;
    const { signal } = this.#stop;
    this.#follower.start();
    await Promise.race([this.built.catch(() => {}), once(signal, 'abort')]);
    await holdLease({
      ...{ db, name: `exchange-shard-${shard}`, holder: self.name, ttlMs: leaseTtlMs, hint: this.leaseTrigger },
      // Commits are fenced by the shard's token; a stalled database must not cost the engine.
      outlastsExpiry: true,
      // Until the engine is built another process may be able to serve at once.
      mayTry: () => this.#follower.isBuilt,
      whileHeld: (lease) => this.#lead(lease),
      logger,
      signal,
    });
    await this.#follower[Symbol.asyncDispose]();
    if (this.#fault) throw this.#fault;
  }

  async #lead(lease: Lease): Promise<void> {
    let term: Term | undefined;
    try {
      this.#enter('promoting');
      const takeEngine = () => this.#follower.take();
      term = await startTerm({ ...this.#options, signal: lease.signal, takeEngine });
      await this.#serve(term, lease);
      // What ended the term would end the next one too: the lease is taken again after a pause, by this process or another one.
      if (isUnexpected(term.signal.reason)) throw term.signal.reason;
    } catch (error) {
      this.#noteClockFault(error);
      if (!isShardFault(error)) throw error;
      this.#fail(error);
    } finally {
      this.#serving = undefined;
      const engine = term?.releaseEngine();
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
    else if (isUnexpected(reason)) logger.error({ shard, error: reason }, 'the shard could not be served any longer');
    else if (!this.#stop.signal.aborted) logger.warn({ shard, error: reason }, 'the shard is no longer served here');
  }

  #noteClockFault(error: unknown): void {
    if (!(error instanceof ClockFaultError)) return;
    const { shard, logger } = this.#options;
    this.#clockFaults++;
    logger.error({ shard, error }, 'the shard is not served here while the clock cannot be trusted');
  }

  #enter(state: ShardState): void {
    this.#state = state;
    this.locator.invalidate();
    this.#options.onChange();
    this.changed.notify();
  }

  #onBuilt(): void {
    if (this.#state === 'rebuilding') this.#enter('following');
    this.#firstBuilt.resolve();
    this.leaseTrigger.acquireNow();
  }

  #fail(fault: ShardFault): void {
    this.#fault = fault;
    this.#firstBuilt.reject(fault);
    this.#stop.abort();
  }
}

/** Whether a term ended by an error, and not because the shard went to another process or this one ends. */
function isUnexpected(reason: unknown): boolean {
  const isExpected = reason instanceof FencedError || reason instanceof HandedOverError;
  return reason instanceof Error && !isExpected && reason.name !== 'AbortError';
}
