/** How many lots each order of a slice has: exact numbers, so that the orders together are the whole. */
import { lesser } from '#platform/money/extremes.ts';
import { endOf, latestDue, type SliceTiming, timeOf } from './slice-times.ts';

/** Shares (in millionths) that were traded in a time. */
export type TradedVolume = { fromMs: number; untilMs: number; micros: bigint };

/** An order to size: its number, and what was filled of the whole before. */
export type OrderToSize = { index: number; totalLots: bigint; filledLots: bigint };

/** Equal weights. */
export function evenWeights(orderCount: number): bigint[] {
  return Array.from({ length: orderCount }, () => 1n);
}

/**
 * A weight for each order: what was traded from its time to that of the next. What was traded in a time that reaches over several is divided
 * between them by length. Undefined when nothing was traded.
 */
export function volumeWeights(timing: SliceTiming, traded: readonly TradedVolume[]): bigint[] | undefined {
  const weights = Array.from({ length: timing.orderCount }, () => 0n);
  for (const { fromMs, untilMs, micros } of traded) {
    const lengthMs = BigInt(untilMs - fromMs);
    const lastMs = Math.min(untilMs, endOf(timing)) - 1;
    for (let index = Math.max(0, latestDue(timing, fromMs)); index <= latestDue(timing, lastMs); index += 1) {
      const overlapMs = Math.min(untilMs, timeOf(timing, index + 1)) - Math.max(fromMs, timeOf(timing, index));
      // In thousandths: parts of a share count, and a minute has few thousands of milliseconds.
      if (overlapMs > 0) weights[index] = (weights[index] ?? 0n) + (micros * 1_000n * BigInt(overlapMs)) / lengthMs;
    }
  }
  return weights.some((weight) => weight > 0n) ? weights : undefined;
}

/**
 * Lots of an order by its weight among those that are still to come, out of all that is not filled: so what one leaves is divided between
 * all after it, and the last has the rest. Rounded half up, so that few lots are spread over the whole time too.
 */
export function weightedLots(weights: readonly bigint[], { index, totalLots, filledLots }: OrderToSize): bigint {
  const left = weights.slice(index);
  const sum = sumOf(left);
  const [weight, whole] = sum === 0n ? [1n, BigInt(left.length)] : [left[0] ?? 0n, sum];
  return (2n * (totalLots - filledLots) * weight + whole) / (2n * whole);
}

/** Lots of an order that is at most `capLots`: all that is due by its time and not filled, so that what the bound leaves is added to the next. */
export function boundedLots(
  weights: readonly bigint[],
  { index, totalLots, filledLots }: OrderToSize,
  capLots: bigint,
): bigint {
  const dueLots = (totalLots * sumOf(weights.slice(0, index + 1))) / sumOf(weights) - filledLots;
  return dueLots > 0n ? lesser(dueLots, capLots) : 0n;
}

/** Whole lots in a share of a volume. The share is in hundredths of a percent, the rest in millionths of a share. */
export function lotsInShare(
  volumeMicros: bigint,
  { maxBps, lotMicros }: { maxBps: number; lotMicros: bigint },
): bigint {
  return (volumeMicros * BigInt(maxBps)) / 10_000n / lotMicros;
}

function sumOf(numbers: readonly bigint[]): bigint {
  return numbers.reduce((sum, number) => sum + number, 0n);
}
