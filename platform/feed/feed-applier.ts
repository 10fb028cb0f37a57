/** Applies the pages of a feed in order: checks history and contiguity, forms transactions, and finds the entry that must halt. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import type { ApplyOptions, FeedPage } from './apply-options.ts';
import { EntryTraces } from './entry-traces.ts';
import { FeedHaltError, FeedRestartError, isTransient } from './failures.ts';
import { readFeedState, restartFeed, saveEpoch } from './feed-state.ts';
import type { FollowedPosition, SeenHistory } from './history.ts';
import { advanceFenced, type Fence } from './position.ts';

const entriesMaxDefault = 500;

/** Applies one feed for one holder of the lease. */
export class FeedApplier<E extends { sequence: bigint }, R> implements AsyncDisposable {
  readonly #options: ApplyOptions<E, R>;
  readonly #fence: Fence;
  /** The last sequence that is committed, and the last one that was taken. */
  #position = 0n;
  #taken = 0n;
  #epoch = '';
  #seen: SeenHistory = { seenSequence: 0n, fingerprint: '' };
  /** Most entries of a transaction at present: fewer after one that took too long. */
  #entriesMax: number;
  /** Entries taken and not committed; with groups, only those that have an effect. */
  #waiting: E[] = [];
  readonly #traces = new EntryTraces();
  #timer: (Timer & { dueTimeMs: number }) | undefined;
  #applying: Promise<void> = Promise.resolve();
  #failure: { error: unknown } | undefined;
  #failed = new AbortController();

  constructor(options: ApplyOptions<E, R>, fence: Fence) {
    this.#options = options;
    this.#fence = fence;
    this.#entriesMax = options.entriesMax ?? entriesMaxDefault;
  }

  /** The last sequence that is committed. */
  get position(): bigint {
    return this.#position;
  }

  /** Aborts when what was taken since `begin` cannot be applied, with the cause as its reason; `begin` is due then. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Drops what is not committed and reads the stored position, which it returns with what was seen of the feed. */
  async begin(): Promise<FollowedPosition> {
    this.#cancelTimer();
    await this.#applying;
    this.#waiting = [];
    this.#traces.clear();
    // Until the position is read: what was taken is dropped, and the position must not move past it when this consumer ends first.
    this.#taken = this.#position;
    const { sequence, epoch, seen } = await readFeedState(this.#options.db, this.#options.feed);
    this.#failure = undefined;
    this.#failed = new AbortController();
    this.#position = sequence;
    this.#taken = sequence;
    this.#epoch = epoch;
    this.#seen = seen;
    return { afterSequence: sequence, ...seen };
  }

  /** Moves the position without applying the entries between, which this consumer never gets. Throws FeedRestartError, as `begin` is due. */
  async skipTo(sequence: bigint): Promise<never> {
    const { db, feed } = this.#options;
    const move = { feed, from: this.#position, to: sequence, seen: { seenSequence: 0n, fingerprint: '' } };
    await db.transaction((tx) => advanceFenced(tx, move, this.#fence));
    throw new FeedRestartError(`entries after ${this.#position} are gone; the consumer goes on after ${sequence}`);
  }

  /** Takes a page and waits until what was due has been applied. Rejects as `offer`, and when it could not be applied. */
  async take(page: FeedPage<E>): Promise<void> {
    await this.offer(page);
    await this.#applying;
    this.#throwFailure();
  }

  /**
   * Takes a page, to be applied with those that come meanwhile; waits only while more than two transactions' entries are waiting. Rejects
   * with FeedHaltError at a gap and for another history, and when an earlier page could not be applied; `begin` is due then.
   */
  async offer({ entries, epoch, headSequence, fingerprint, traces }: FeedPage<E>): Promise<void> {
    this.#throwFailure();
    await this.#requireHistory(epoch, headSequence);
    this.#traces.add(traces);
    const { group, entriesMax = entriesMaxDefault } = this.#options;
    for (const entry of entries) {
      if (entry.sequence !== this.#taken + 1n) await this.#meetGap(entry.sequence);
      this.#taken = entry.sequence;
      if (group === undefined || group.isEffective(entry)) this.#waiting.push(entry);
    }
    if (entries.length > 0) this.#seen = { seenSequence: this.#taken, fingerprint };
    if (this.#taken > this.#position) this.#applyOrWait();
    while (this.#waiting.length > 2 * entriesMax && this.#failure === undefined) await this.#applying;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancelTimer();
    await this.#applyNext();
  }

  async #meetGap(sequence: bigint): Promise<never> {
    const expected = this.#taken + 1n;
    if (this.#options.onGap !== 'skip' || sequence < expected) {
      throw new FeedHaltError(expected, `the feed has a gap: entry ${sequence} instead of ${expected}`);
    }
    await this.#applyNext();
    this.#throwFailure();
    return this.skipTo(sequence - 1n);
  }

  async #requireHistory(epoch: string, headSequence: bigint): Promise<void> {
    await this.requireEpoch(epoch);
    if (headSequence < this.#taken) {
      throw new FeedHaltError(
        this.#position,
        `the feed ends at ${headSequence}, before ${this.#taken}: entries were lost`,
      );
    }
  }

  /** Throws FeedHaltError or FeedRestartError unless the feed has the epoch of the position. */
  async requireEpoch(epoch: string): Promise<void> {
    if (epoch === this.#epoch) return;
    const { db, feed, onNewEpoch = 'halt' } = this.#options;
    if (this.#epoch === '') {
      await db.transaction((tx) => saveEpoch(tx, feed, epoch, this.#fence));
      this.#epoch = epoch;
      return;
    }
    if (onNewEpoch === 'halt') throw new FeedHaltError(this.#position, 'the feed has lost its history');
    await db.transaction((tx) => restartFeed(tx, feed, epoch, this.#fence));
    throw new FeedRestartError(`the feed has lost its history; it begins anew with epoch ${epoch}`);
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
    try {
      for (let start = 0; start < entries.length; ) {
        const slice = entries.slice(start, start + this.#entriesMax);
        start += slice.length;
        await this.#applyOrHalt(slice, start === entries.length ? to : (slice.at(-1)?.sequence ?? to));
      }
      if (entries.length === 0 && to > this.#position && this.#failure === undefined) await this.#commit([], to);
    } catch (error) {
      this.#failure = { error };
      this.#failed.abort(error);
    }
  }

  /** Applies all entries in one transaction; after a failure that repeats, one by one up to the entry at which it halts. */
  async #applyOrHalt(entries: readonly E[], to: bigint): Promise<void> {
    this.#throwFailure();
    try {
      return await this.#commit(entries, to);
    } catch (error) {
      if (isOverloaded(error)) this.#entriesMax = Math.max(1, entries.length >> 1);
      if (isTransient(error)) throw error;
    }
    for (const entry of entries) {
      try {
        await this.#commit([entry], entry.sequence);
      } catch (error) {
        throw isTransient(error) ? error : new FeedHaltError(entry.sequence, error);
      }
    }
  }

  async #commit(entries: readonly E[], to: bigint): Promise<void> {
    const { db, feed, apply, onCommitted, entriesMax = entriesMaxDefault } = this.#options;
    const seen = this.#seen;
    const commit = () =>
      db.transaction(async (tx) => {
        // The position first: a consumer whose position has moved, or whose lease was taken over, fails before it writes anything.
        await advanceFenced(tx, { feed, from: this.#position, to, seen }, this.#fence);
        return entries.length === 0 ? undefined : apply(tx, entries, to);
      });
    const result = await this.#traces.apply(`apply ${feed}`, to, commit);
    this.#position = to;
    this.#entriesMax = Math.min(entriesMax, 2 * this.#entriesMax);
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

/** Whether the database gave up a statement because it took too long, or for want of room: fewer entries may succeed. */
function isOverloaded(error: unknown): boolean {
  return error instanceof OutcryError && error.reason === ErrorReason.OVERLOADED;
}
