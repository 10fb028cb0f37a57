/** Bounds how many streams of a kind one account may have open at this process. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { resourceExhausted } from '#platform/errors/outcry-error.ts';

/** Counts the open streams of each account. */
export type StreamQuota = {
  /** Counts a stream until it is disposed. Throws RESOURCE_EXHAUSTED when the account has as many as it may have. */
  acquire(accountId: string): Disposable;
  /** Open streams of all accounts. */
  count(): number;
};

/** At most `perAccountMax` streams an account. `kind` names them in the refusal. */
export function createStreamQuota(kind: string, perAccountMax: number): StreamQuota {
  const openByAccount = new Map<string, number>();
  let total = 0;
  return {
    acquire(accountId) {
      const before = openByAccount.get(accountId) ?? 0;
      if (before >= perAccountMax) {
        const message = `at most ${perAccountMax} ${kind} streams an account`;
        throw resourceExhausted(ErrorReason.OVERLOADED, message, { retryDelayMs: 5_000 });
      }
      openByAccount.set(accountId, before + 1);
      total += 1;
      let isOpen = true;
      return {
        [Symbol.dispose]() {
          if (!isOpen) return;
          isOpen = false;
          total -= 1;
          const left = (openByAccount.get(accountId) ?? 1) - 1;
          if (left === 0) openByAccount.delete(accountId);
          else openByAccount.set(accountId, left);
        },
      };
    },
    count: () => total,
  };
}
