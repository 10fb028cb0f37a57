/** Token buckets, one for each caller. */

/** Whether a call is allowed, and the numbers that a refusal reports to the caller. */
export type RateVerdict = {
  allowed: boolean;
  remaining: number;
  limit: number;
  retryAfterMs: number;
  /** After this time without a call the caller may send its burst again. */
  resetAfterMs: number;
};

/** A limiter over any number of callers. */
export type RateLimiter = {
  /** Takes a call of `caller`; one with `callsPerSecondMax` may send as many a second, and at once, in place of the limiter's numbers. */
  take(caller: string, callsPerSecondMax?: number): RateVerdict;
};

const callersMax = 50_000;

/**
 * Each caller may send `ratePerSecond` calls on average and `burst` at once. At most 50,000 buckets are stored; the least
 * recently used one is evicted first, and its caller starts again with a full bucket.
 */
export function createRateLimiter(options: {
  ratePerSecond: number;
  burst: number;
  nowMs?: () => number;
}): RateLimiter {
  const { nowMs = () => performance.now() } = options;
  const buckets = new Map<string, { tokens: number; timeMs: number }>();
  return {
    take(caller, callsPerSecondMax) {
      const ratePerSecond = callsPerSecondMax ?? options.ratePerSecond;
      const burst = callsPerSecondMax ?? options.burst;
      const now = nowMs();
      const bucket = buckets.get(caller) ?? { tokens: burst, timeMs: now };
      bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.timeMs) * ratePerSecond) / 1_000);
      bucket.timeMs = now;
      const allowed = bucket.tokens >= 1;
      if (allowed) bucket.tokens -= 1;
      // Reinserted, so that the map is ordered by last call.
      buckets.delete(caller);
      buckets.set(caller, bucket);
      if (buckets.size > callersMax) {
        const oldest = buckets.keys().next();
        if (!oldest.done) buckets.delete(oldest.value);
      }
      const retryAfterMs = allowed ? 0 : Math.ceil(((1 - bucket.tokens) * 1_000) / ratePerSecond);
      const resetAfterMs = ((burst - bucket.tokens) * 1_000) / ratePerSecond;
      return { allowed, remaining: Math.floor(bucket.tokens), limit: ratePerSecond, retryAfterMs, resetAfterMs };
    },
  };
}
