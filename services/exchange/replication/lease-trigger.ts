import type { LeaseHint } from '#platform/postgres/lease.ts';

/** A hint that a waiting process gives itself. */
export type ShardHint = LeaseHint & {
  /** Tries for the lease at once; the lease of the token, if one is given, may be taken before its time. */
  tryNow(leaseToken?: bigint): void;
};

/** A hint without a token. */
export function createShardHint(): ShardHint {
  let token: bigint | undefined;
  let isNew = false;
  let wake = () => {};
  return {
    replaces: () => token,
    tryNow(leaseToken) {
      token = leaseToken ?? token;
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
