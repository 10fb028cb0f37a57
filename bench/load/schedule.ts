import type { Random } from './random.ts';

/** Most arrivals of one schedule. */
export const arrivalsMax = 1_000_000;

/**
 * When each call of an open loop is due, in ms from the start, ascending: a Poisson process, which is how independent callers arrive.
 * Fixed before the first call, so that a slow answer delays no other call.
 *
 * @param ratePerSecond mean rate, above 0
 * @param durationMs end of the schedule; no arrival is later
 * @throws RangeError for more than `arrivalsMax` arrivals
 */
export function poissonSchedule(ratePerSecond: number, durationMs: number, random: Random): Float64Array {
  if (!(ratePerSecond > 0 && durationMs > 0)) throw new RangeError('rate and duration must be above 0');
  const meanGapMs = 1_000 / ratePerSecond;
  if (durationMs / meanGapMs > arrivalsMax / 2) throw new RangeError(`more than ${arrivalsMax / 2} calls are expected`);
  const arrivals = new Float64Array(arrivalsMax);
  let count = 0;
  // The gap of a Poisson process is exponential; 1 - u is never 0, so its logarithm is finite.
  let timeMs = -Math.log(1 - random.next()) * meanGapMs;
  while (timeMs < durationMs) {
    if (count === arrivalsMax) throw new RangeError(`more than ${arrivalsMax} calls`);
    arrivals[count++] = timeMs;
    timeMs += -Math.log(1 - random.next()) * meanGapMs;
  }
  return arrivals.slice(0, count);
}

/** When each call is due that are sent one after another at equal distances, in ms from the start, ascending. */
export function evenSchedule(ratePerSecond: number, durationMs: number): Float64Array {
  const count = Math.floor((ratePerSecond * durationMs) / 1_000);
  if (!(count >= 0 && count <= arrivalsMax)) throw new RangeError(`at most ${arrivalsMax} calls`);
  return Float64Array.from({ length: count }, (_, index) => (index * 1_000) / ratePerSecond);
}
