import type { Sql } from '#platform/postgres/sql.ts';
import { type Place, readPlace } from '../store/read-owner.ts';

// Under a takeover thousands of calls ask at once: one statement answers all.
const freshMs = 20;
// A process that could not be reached is tried again after this time; until then calls wait.
const avoidMs = 200;

// How long a call may hang at a process that is stopped after another one took over.
const movedLookMs = 100;

/** Whether a shard has left a place: its signal aborts then. Dispose it when nobody asks any more. */
export type StayWatch = Disposable & { signal: AbortSignal };

/** Where a shard is served, by the database; read at most every 20 ms. */
export class Whereabouts {
  readonly #db: Sql;
  readonly #shard: number;
  #reading: Promise<Place | undefined> | undefined;
  #readTimeMs = Number.NEGATIVE_INFINITY;
  #broken: { token: bigint; untilMs: number } | undefined;

  /** For each token that somebody works with: when it is not the newest any more. */
  readonly #stays = new Map<bigint, { left: AbortController; watchers: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(db: Sql, shard: number) {
    this.#db = db;
    this.#shard = shard;
  }

  /** The process that took the shard last; undefined when there is none, or none that can be reached at the moment. */
  async find(): Promise<Place | undefined> {
    const place = await this.#read();
    const broken = this.#broken;
    return place && place.token === broken?.token && performance.now() < broken.untilMs ? undefined : place;
  }

  #read(): Promise<Place | undefined> {
    const nowMs = performance.now();
    if (!this.#reading || nowMs - this.#readTimeMs > freshMs) {
      this.#readTimeMs = nowMs;
      const reading = readPlace(this.#db, this.#shard);
      this.#reading = reading;
      reading.catch(() => {
        if (this.#reading === reading) this.#reading = undefined;
      });
    }
    return this.#reading;
  }

  /** Has it read again: at the next call, and at once when somebody waits to hear of it. */
  forget(): void {
    this.#reading = undefined;
    if (this.#stays.size > 0) void this.#look();
  }

  /** Watches whether the shard stays at a place that was found here. */
  watchStay({ token }: Place): StayWatch {
    const stay = this.#stays.get(token) ?? { left: new AbortController(), watchers: 0 };
    this.#stays.set(token, stay);
    stay.watchers++;
    this.#timer ??= setInterval(() => this.#look(), movedLookMs).unref();
    return {
      signal: stay.left.signal,
      [Symbol.dispose]: () => {
        stay.watchers--;
        if (stay.watchers === 0) this.#stays.delete(token);
        if (this.#stays.size > 0) return;
        clearInterval(this.#timer);
        this.#timer = undefined;
      },
    };
  }

  async #look(): Promise<void> {
    const place = await this.#read().catch(() => undefined);
    if (!place) return;
    for (const [token, { left }] of this.#stays) if (token < place.token) left.abort();
  }

  /** Tells that the place did not answer. */
  avoid({ token }: Place): void {
    this.#broken = { token, untilMs: performance.now() + avoidMs };
  }
}
