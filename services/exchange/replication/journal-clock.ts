/** The clock by which groups are stamped. Journalled time never jumps: ids are forgotten by it, and a group cannot be unwritten. */
import type { Sql } from '#platform/postgres/sql.ts';
import { readDatabaseTime } from '../store/read-database-time.ts';

/**
 * How far the machine's clock may be from the time that has passed by the monotonic clock since the shard was taken over, and from the
 * database's clock at that moment, either way. So a group is stamped at most twice this beyond the group before it and the time between.
 */
export const clockDeviationMaxMs = 5_000;

// A clock that is being corrected gradually is followed at up to this rate; adjtime and chrony use half of it or less.
const slewMax = 0.001;

/** The machine's clock jumped, or is not the database's: this process must not stamp groups. */
export class ClockFaultError extends Error {
  override name = 'ClockFaultError';
}

/** Clocks that tests replace: Unix milliseconds, and milliseconds that only ever pass. */
export type Clocks = { nowMs: () => number; monotonicMs?: () => number };

/** Stamps the groups of one term. */
export class JournalClock {
  readonly #nowMs: () => number;
  readonly #monotonicMs: () => number;
  /** The machine's time less the monotonic one, as it should be, and when that was last adjusted. */
  #offsetMs: number;
  #adjustedMs: number;

  constructor({ nowMs, monotonicMs = () => performance.now() }: Clocks) {
    this.#nowMs = nowMs;
    this.#monotonicMs = monotonicMs;
    this.#adjustedMs = monotonicMs();
    this.#offsetMs = nowMs() - this.#adjustedMs;
  }

  /** The machine's clock as it is, Unix milliseconds. */
  nowMs(): number {
    return this.#nowMs();
  }

  /** The time of the next group, Unix milliseconds. Throws ClockFaultError when the clock has jumped. */
  stamp(): number {
    const [nowMs, monotonicMs] = [this.#nowMs(), this.#monotonicMs()];
    const deviationMs = nowMs - monotonicMs - this.#offsetMs;
    if (Math.abs(deviationMs) > clockDeviationMaxMs) {
      throw new ClockFaultError(`the clock has jumped by ${Math.round(deviationMs)} ms`);
    }
    const slewMs = (monotonicMs - this.#adjustedMs) * slewMax;
    this.#offsetMs += Math.min(slewMs, Math.max(-slewMs, deviationMs));
    this.#adjustedMs = monotonicMs;
    return nowMs;
  }
}

/**
 * Compares the machine's clock with the database's, the only one that all processes of a shard share. Rejects with ClockFaultError when
 * they differ by more than `clockDeviationMaxMs`: how long nothing ran cannot be known otherwise.
 */
export async function requireDatabaseTime(db: Sql, nowMs: () => number): Promise<void> {
  const askedMs = nowMs();
  const databaseMs = await readDatabaseTime(db);
  const answeredMs = nowMs();
  const [behindMs, aheadMs] = [databaseMs - answeredMs, askedMs - databaseMs];
  if (Math.max(behindMs, aheadMs) <= clockDeviationMaxMs) return;
  const [distanceMs, where] = behindMs > aheadMs ? [behindMs, 'behind'] : [aheadMs, 'ahead of'];
  throw new ClockFaultError(`the clock is ${Math.round(distanceMs)} ms ${where} the database's`);
}
