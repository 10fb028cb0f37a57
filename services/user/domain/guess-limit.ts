/**
 * How fast passwords may be guessed under one key. A limit is a list of leaky buckets; a try fills each by one, and a try is looked at
 * only while none is full, so that a fast pace holds for a while and a slow one for good. The right password takes its own try back.
 */

/** A bucket holds `size` tries and drains one each `drainMs`. */
export type Bucket = { size: number; drainMs: number };

/** What a key may do: a short bucket and a long one. */
export type GuessLimit = readonly [short: Bucket, long: Bucket];

/** When each bucket will be empty, in Unix milliseconds; a time in the past means that it is empty. */
export type GuessState = readonly [shortEmptyTimeMs: number, longEmptyTimeMs: number];

/** One person at one network address, or one device or session: 10 at once and one in 2 s up to about 100, then one in 30 s. */
export const pairLimit: GuessLimit = [
  { size: 10, drainMs: 2_000 },
  { size: 100, drainMs: 30_000 },
];

/** One network address, whatever people it names: 50 at once and one a second up to about 500, then one in 10 s. */
export const addressLimit: GuessLimit = [
  { size: 50, drainMs: 1_000 },
  { size: 500, drainMs: 10_000 },
];

/** Milliseconds until the next try may be looked at; 0: now. */
export function waitMsOf(limit: GuessLimit, state: GuessState | undefined, nowMs: number): number {
  if (state === undefined) return 0;
  const waits = limit.map(({ size, drainMs }, index) => (state[index] ?? 0) - (size - 1) * drainMs - nowMs);
  return Math.max(0, ...waits);
}

/** The state after a try. */
export function afterTry([short, long]: GuessLimit, state: GuessState | undefined, nowMs: number): GuessState {
  const [shortEmptyTimeMs, longEmptyTimeMs] = state ?? [nowMs, nowMs];
  return [Math.max(shortEmptyTimeMs, nowMs) + short.drainMs, Math.max(longEmptyTimeMs, nowMs) + long.drainMs];
}
