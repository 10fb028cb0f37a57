/**
 * The clock by which groups are stamped. Journalled time never jumps: ids are forgotten by it, and a group cannot be unwritten. Where the market's
 * clock can be set, a group is stamped with what that clock shows at the time of the machine, whose own clock must not jump all the same.
 */
import { type Clock, clockLookEveryMs, fixedClock } from '#platform/clock/clock.ts';
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

/**
 * The machine's clocks, which tests replace: Unix milliseconds, and milliseconds that only ever pass. `clock` is the market's; by default it is
 * the machine's.
 */
export type Clocks = { nowMs: () => number; monotonicMs?: () => number; clock?: Clock | undefined };

// Bounds how long a change of the system clock can go unnoticed.
const waitMsMax = 60_000;

/** Stamps the groups of one term. */
export class JournalClock {
  readonly #nowMs: () => number;
  readonly #monotonicMs: () => number;
  readonly #market: Clock;
  /** The machine's time less the monotonic one, as it should be, and when that was last adjusted. */
  #offsetMs: number;
  #adjustedMs: number;

  constructor({ nowMs, monotonicMs = () => performance.now(), clock = fixedClock(nowMs) }: Clocks) {
    this.#nowMs = nowMs;
    this.#market = clock;
    this.#monotonicMs = monotonicMs;
    this.#adjustedMs = monotonicMs();
    this.#offsetMs = nowMs() - this.#adjustedMs;
  }

  /** The market's time, Unix milliseconds. */
  nowMs(): number {
    return this.#market.at(this.#nowMs());
  }

  /** How long to wait before looking whether a time of the market has come, in ms, at least 1. */
  waitMs(timeMs: number): number {
    const lookMs = this.#market.isSettable ? clockLookEveryMs : waitMsMax;
    return Math.min(Math.max(this.#market.waitMs(timeMs), 1), lookMs);
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
    return this.#market.at(nowMs);
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
