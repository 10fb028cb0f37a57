/** A house trader, and the rounds in which all of them act at once. */
import type { Clock } from './clock.ts';

/** One house trader. */
export type Trader = {
  /** Sends the commands of one round all at once; resolves when all are answered. */
  act(): Promise<void>;
};

/** Time from the beginning of a round to that of the next. */
export const roundMs = 500;

/**
 * Rounds until the signal aborts. Commands that leave together travel and are stored together: a second of single ones costs the whole
 * system ten times as much.
 */
export async function runRounds(traders: readonly Trader[], clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const endTimeMs = clock.nowMs() + roundMs;
    await Promise.all(traders.map((trader) => trader.act()));
    await clock.sleep(Math.max(1, endTimeMs - clock.nowMs()), signal);
  }
}
