import type { Sql } from '#platform/postgres/sql.ts';
import { startInterval, type Timer } from '#platform/time/timer.ts';
import { readOwner, type ShardOwner } from '../store/read-owner.ts';

// During a takeover thousands of calls ask at once: one statement answers all of them.
const freshMs = 20;
// A process that could not be reached is tried again after this time; until then calls wait.
const unreachableMs = 200;
// How long a call may hang at a process that was stopped after another one took over.
const ownerCheckMs = 100;

/** Its signal aborts when the shard has another owner. Dispose it when the call that it belongs to is over. */
export type OwnershipWatch = Disposable & { signal: AbortSignal };

/** Finds the process that serves a shard in the database, which is read at most every 20 ms. */
export class ShardLocator {
  readonly #db: Sql;
  readonly #shard: number;
  #reading: Promise<ShardOwner | undefined> | undefined;
  #readTimeMs = Number.NEGATIVE_INFINITY;
  #unreachable: { token: bigint; untilMs: number } | undefined;

  /** The open watches by the token of the owner that they watch. */
  readonly #watches = new Map<bigint, { lost: AbortController; count: number }>();
  #timer: Timer | undefined;

  constructor(db: Sql, shard: number) {
    this.#db = db;
    this.#shard = shard;
  }

  /** The process that took the shard last; undefined when there is none, or when it was unreachable a moment ago. */
  async find(): Promise<ShardOwner | undefined> {
    const owner = await this.#read();
    const unreachable = this.#unreachable;
    return owner && owner.token === unreachable?.token && performance.now() < unreachable.untilMs ? undefined : owner;
  }

  #read(): Promise<ShardOwner | undefined> {
    const nowMs = performance.now();
    if (!this.#reading || nowMs - this.#readTimeMs > freshMs) {
      this.#readTimeMs = nowMs;
      const reading = readOwner(this.#db, this.#shard);
      this.#reading = reading;
      reading.catch(() => {
        if (this.#reading === reading) this.#reading = undefined;
      });
    }
    return this.#reading;
  }

  /** Discards what was read: the next call reads anew, and open watches are checked at once. */
  invalidate(): void {
    this.#reading = undefined;
    if (this.#watches.size > 0) void this.#checkWatches();
  }

  /** Watches whether the shard stays with an owner that was found here. */
  watchOwner({ token }: ShardOwner): OwnershipWatch {
    const watch = this.#watches.get(token) ?? { lost: new AbortController(), count: 0 };
    this.#watches.set(token, watch);
    watch.count++;
    this.#timer ??= startInterval(ownerCheckMs, () => this.#checkWatches()).unref();
    return {
      signal: watch.lost.signal,
      [Symbol.dispose]: () => {
        watch.count--;
        if (watch.count === 0) this.#watches.delete(token);
        if (this.#watches.size > 0) return;
        this.#timer?.[Symbol.dispose]();
        this.#timer = undefined;
      },
    };
  }

  async #checkWatches(): Promise<void> {
    const owner = await this.#read().catch(() => undefined);
    if (!owner) return;
    for (const [token, { lost }] of this.#watches) if (token < owner.token) lost.abort();
  }

  /** Notes that an owner did not answer: for 200 ms it is not found. */
  markUnreachable({ token }: ShardOwner): void {
    this.#unreachable = { token, untilMs: performance.now() + unreachableMs };
  }
}
