import type { LeaseHint } from '#platform/postgres/lease.ts';

/** Lets this process try for the lease before its regular next attempt. */
export type LeaseTrigger = LeaseHint & {
  /** Tries for the lease at once. A lease with the given token may be taken although it has not expired. */
  acquireNow(leaseToken?: bigint): void;
};

/** A trigger that names no token yet. */
export function createLeaseTrigger(): LeaseTrigger {
  let token: bigint | undefined;
  let isPending = false;
  let wake = () => {};
  return {
    replaces: () => token,
    acquireNow(leaseToken) {
      token = leaseToken ?? token;
      isPending = true;
      wake();
    },
    wait: (signal) =>
      new Promise((resolve) => {
        wake = () => {
          isPending = false;
          resolve();
        };
        if (isPending) wake();
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
}
