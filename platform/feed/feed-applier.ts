/** Applies the pages of a feed in order: checks epoch and contiguity, forms transactions, and finds what must halt. */

import type { Database, Sql } from '#platform/postgres/sql.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import { type Halt, readFeedState, restartFeed, saveEpoch } from './feed-state.ts';
import { advanceFenced, advancePosition } from './position.ts';

/** Consecutive entries of a feed. A heartbeat has none. An empty epoch stands for a feed that has no epochs. */
export type FeedPage<E> = { entries: readonly E[]; epoch: string; headSequence: bigint };

/** How entries are gathered into larger transactions. */
export type GroupOptions<E> = {
  /** How long effective entries may wait for others, in ms. */
  delayMs: number;
  /** Effective entries that fill a group. */
  entriesMax: number;
  /** Whether applying the entry writes anything beside the position. */
  isEffective: (entry: E) => boolean;
  /** How long the position may wait when no entry is effective, in ms. */
  idleDelayMs: number;
};

/** How the entries of a feed are applied. */
export type ApplyOptions<E extends { sequence: bigint }, R> = {
  db: Database;
  /** Names the feed in the consumer's database, `exchange.0` or `ledger`. */
  feed: string;
  /**
   * Applies entries in the transaction that moves the position to `position`; it may run again after a rollback. What it returns is
   * given to `onCommitted`.
   */
  apply: (tx: Sql, entries: readonly E[], position: bigint) => Promise<R>;
  onCommitted?: (result: R, entries: readonly E[]) => void;
  /** Most entries of a transaction, default 500. */
  entriesMax?: number;
  /** Default: a page is applied at once, together with the pages that came while the one before was applied. */
  group?: GroupOptions<E>;
  /** Whether an error is permanent: the same entry would fail again. It halts the consumer; default: no error is. */
  isLasting?: (error: unknown) => boolean;
  /** What to do when the epoch is not the stored one, as the feed has lost its history. Default `halt`. */
  onNewEpoch?: 'halt' | 'restart';
};

/** The newest holder of the consumer's lease. */
export type Fence = { leaseName: string; token: bigint };

const entriesMaxDefault = 500;
const causeLengthMax = 1_000;

/** Applies one feed for one holder of the lease. */
export class FeedApplier<E extends { sequence: bigint }, R> implements AsyncDisposable {
  readonly #options: ApplyOptions<E, R>;
  readonly #fence: Fence;
  readonly #onHalt: (halt: Halt) => Promise<void>;
  /** The last sequence that is committed, and the last one that was taken. */
  #position = 0n;
  #taken = 0n;
  #epoch = '';
  /** Entries taken and not committed; with groups, only those that have an effect. */
  #waiting: E[] = [];
  #timer: (Timer & { dueTimeMs: number }) | undefined;
  #applying: Promise<void> = Promise.resolve();
  #failure: { error: unknown } | undefined;
  #failed = new AbortController();

  constructor(options: ApplyOptions<E, R>, fence: Fence, onHalt: (halt: Halt) => Promise<void>) {
    this.#options = options;
    this.#fence = fence;
    this.#onHalt = onHalt;
  }

  /** The last sequence that is committed. */
  get position(): bigint {
    return this.#position;
  }

  /** Aborts when what was taken since `begin` cannot be applied, with the cause as its reason; `begin` is due then. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Drops what is not committed and reads the stored position, which it returns. */
  async begin(): Promise<bigint> {
    this.#cancelTimer();
    await this.#applying;
    this.#waiting = [];
    this.#failure = undefined;
    this.#failed = new AbortController();
    ({ sequence: this.#position, epoch: this.#epoch } = await readFeedState(this.#options.db, this.#options.feed));
    this.#taken = this.#position;
    return this.#position;
  }

  /** Moves the position without applying the entries between, which this consumer never gets. */
  async skipTo(sequence: bigint): Promise<void> {
    const { db, feed } = this.#options;
    await db.transaction((tx) => advancePosition(tx, feed, this.#position, sequence));
    this.#position = sequence;
    this.#taken = sequence;
  }

  /** Takes a page and waits until what was due has been applied. Rejects as `offer`, and when it could not be applied. */
  async take(page: FeedPage<E>): Promise<void> {
    await this.offer(page);
    await this.#applying;
    this.#throwFailure();
  }

  /**
   * Takes a page, to be applied with those that come meanwhile; waits only while more than two transactions' entries are waiting. Rejects
   * at a gap, and when an earlier page could not be applied; `begin` is due then.
   */
  async offer({ entries, epoch }: FeedPage<E>): Promise<void> {
    this.#throwFailure();
    if (!(await this.#isSameHistory(epoch))) return;
    const { group, entriesMax = entriesMaxDefault } = this.#options;
    for (const entry of entries) {
      const expected = this.#taken + 1n;
      if (entry.sequence !== expected)
        throw new Error(`the feed has a gap: entry ${entry.sequence} instead of ${expected}`);
      this.#taken = entry.sequence;
      if (group === undefined || group.isEffective(entry)) this.#waiting.push(entry);
    }
    if (this.#taken > this.#position) this.#applyOrWait();
    while (this.#waiting.length > 2 * entriesMax && this.#failure === undefined) await this.#applying;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancelTimer();
    await this.#applyNext();
  }

  async #isSameHistory(epoch: string): Promise<boolean> {
    if (epoch === this.#epoch) return true;
    const { db, feed, onNewEpoch = 'halt' } = this.#options;
    if (this.#epoch === '') {
      await saveEpoch(db, feed, epoch);
      this.#epoch = epoch;
      return true;
    }
    if (onNewEpoch === 'restart') {
      await restartFeed(db, feed, epoch);
      throw new Error(`the feed has lost its history; it begins anew with epoch ${epoch}`);
    }
    await this.#onHalt({ sequence: this.#position, cause: 'the feed has lost its history' });
    return false;
  }

  #applyOrWait(): void {
    const { group } = this.#options;
    if (group === undefined || this.#waiting.length >= group.entriesMax) return void this.#applyNext();
    const delayMs = this.#waiting.length > 0 ? group.delayMs : group.idleDelayMs;
    if (delayMs > 0) this.#applyWithin(delayMs);
    else void this.#applyNext();
  }

  #applyWithin(delayMs: number): void {
    const dueTimeMs = performance.now() + delayMs;
    if (this.#timer !== undefined && this.#timer.dueTimeMs <= dueTimeMs) return;
    this.#cancelTimer();
    this.#timer = Object.assign(
      startTimer(delayMs, () => void this.#applyNext()),
      { dueTimeMs },
    );
  }

  #applyNext(): Promise<void> {
    this.#applying = this.#applying.then(() => this.#applyWaiting());
    return this.#applying;
  }

  async #applyWaiting(): Promise<void> {
    this.#cancelTimer();
    const entries = this.#waiting;
    const to = this.#taken;
    this.#waiting = [];
    const { entriesMax = entriesMaxDefault } = this.#options;
    try {
      for (let start = 0; start < entries.length && this.#failure === undefined; start += entriesMax) {
        const slice = entries.slice(start, start + entriesMax);
        const isLast = start + entriesMax >= entries.length;
        await this.#applyOrHalt(slice, isLast ? to : (slice.at(-1)?.sequence ?? to));
      }
      if (entries.length === 0 && to > this.#position && this.#failure === undefined) await this.#commit([], to);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure = { error };
    this.#failed.abort(error);
  }

  /** Applies all entries in one transaction; after a permanent error, one by one up to the entry at which it halts. */
  async #applyOrHalt(entries: readonly E[], to: bigint): Promise<void> {
    const { isLasting = () => false } = this.#options;
    try {
      return await this.#commit(entries, to);
    } catch (error) {
      if (!isLasting(error)) throw error;
    }
    for (const entry of entries) {
      try {
        await this.#commit([entry], entry.sequence);
      } catch (error) {
        if (!isLasting(error)) throw error;
        const cause = error instanceof Error ? error.message : String(error);
        this.#fail(error);
        return this.#onHalt({ sequence: entry.sequence, cause: cause.slice(0, causeLengthMax) });
      }
    }
  }

  async #commit(entries: readonly E[], to: bigint): Promise<void> {
    const { db, feed, apply, onCommitted } = this.#options;
    const result = await db.transaction(async (tx) => {
      // The position first: a consumer whose position has moved, or whose lease was taken over, fails before it writes anything.
      await advanceFenced(tx, { feed, from: this.#position, to }, this.#fence);
      return entries.length === 0 ? undefined : apply(tx, entries, to);
    });
    this.#position = to;
    if (result !== undefined) onCommitted?.(result, entries);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #cancelTimer(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
