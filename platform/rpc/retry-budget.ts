/** Limits retries to a small share of the calls, so that they cannot overload a struggling peer. */

/** Asked before each retry. */
export type RetryBudget = { callMade(): void; tryRetry(): boolean };

const share = 0.1;
const tokensMin = 10;
const tokensMax = 100;
const refillPerSecond = 10;

/**
 * A bucket of retries: ten at the start and ten more each second up to ten, so that the few calls of a quiet caller outlast a peer
 * that is starting; beside that a tenth of the calls made, saved up to a hundred.
 */
export function createRetryBudget(now: () => number = () => performance.now()): RetryBudget {
  let tokens = tokensMin;
  let refilledTimeMs = now();
  return {
    callMade() {
      tokens = Math.min(tokensMax, tokens + share);
    },
    tryRetry() {
      const nowMs = now();
      const refill = ((nowMs - refilledTimeMs) / 1_000) * refillPerSecond;
      if (tokens < tokensMin) tokens = Math.min(tokensMin, tokens + refill);
      refilledTimeMs = nowMs;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
