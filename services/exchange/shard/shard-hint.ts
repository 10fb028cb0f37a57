import type { LeaseHint } from '#platform/postgres/lease.ts';

/** A hint that a waiting process gives itself: the lease of a token may be taken before its time. */
export type ShardHint = LeaseHint & { replace(leaseToken: bigint): void };

/** A hint without a token. Each token wakes the waiting process once. */
export function createShardHint(): ShardHint {
  let token: bigint | undefined;
  let isNew = false;
  let wake = () => {};
  return {
    replaces: () => token,
    replace(leaseToken) {
      if (leaseToken === token) return;
      token = leaseToken;
      isNew = true;
      wake();
    },
    wait: (signal) =>
      new Promise((resolve) => {
        wake = () => {
          isNew = false;
          resolve();
        };
        if (isNew) wake();
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
}
