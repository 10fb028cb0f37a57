import type { Sql } from '#platform/postgres/sql.ts';
import type { Place } from '../store/read-place.ts';
import { readPlace } from '../store/read-place.ts';

// Under a takeover thousands of calls ask at once: one statement answers all.
const freshMs = 20;
// A process that could not be reached is tried again after this time; until then calls wait.
const avoidMs = 200;

/** Where a shard is served, by the database; read at most every 20 ms. */
export class Whereabouts {
  readonly #db: Sql;
  readonly #shard: number;
  #reading: Promise<Place | undefined> | undefined;
  #readTimeMs = Number.NEGATIVE_INFINITY;
  #broken: { token: bigint; untilMs: number } | undefined;

  constructor(db: Sql, shard: number) {
    this.#db = db;
    this.#shard = shard;
  }

  /** The process that took the shard last; undefined when there is none, or none that can be reached at the moment. */
  async find(): Promise<Place | undefined> {
    const nowMs = performance.now();
    if (!this.#reading || nowMs - this.#readTimeMs > freshMs) {
      this.#readTimeMs = nowMs;
      this.#reading = readPlace(this.#db, this.#shard);
      this.#reading.catch(() => this.forget());
    }
    const place = await this.#reading;
    const broken = this.#broken;
    return place && place.token === broken?.token && performance.now() < broken.untilMs ? undefined : place;
  }

  /** Has it read again at the next call. */
  forget(): void {
    this.#reading = undefined;
  }

  /** Tells that the place did not answer. */
  avoid({ token }: Place): void {
    this.#broken = { token, untilMs: performance.now() + avoidMs };
  }
}
