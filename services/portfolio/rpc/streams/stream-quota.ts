/** Bounds how many valuation streams one account may have open at this process. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { resourceExhausted } from '#platform/errors/outcry-error.ts';

/** Gives places to streams. */
export type StreamPlaces = {
  /** Dispose to give the place back. Throws RESOURCE_EXHAUSTED when the account has all of its places. */
  take(accountId: string): Disposable;
  /** Open streams of all accounts. */
  count(): number;
};

/** At most `perAccountMax` streams an account. */
export function createStreamPlaces(perAccountMax: number): StreamPlaces {
  const taken = new Map<string, number>();
  let total = 0;
  return {
    take(accountId) {
      const before = taken.get(accountId) ?? 0;
      if (before >= perAccountMax) {
        const message = `at most ${perAccountMax} valuation streams an account`;
        throw resourceExhausted(ErrorReason.OVERLOADED, message, { retryDelayMs: 5_000 });
      }
      taken.set(accountId, before + 1);
      total += 1;
      let isOpen = true;
      return {
        [Symbol.dispose]() {
          if (!isOpen) return;
          isOpen = false;
          total -= 1;
          const left = (taken.get(accountId) ?? 1) - 1;
          if (left === 0) taken.delete(accountId);
          else taken.set(accountId, left);
        },
      };
    },
    count: () => total,
  };
}
