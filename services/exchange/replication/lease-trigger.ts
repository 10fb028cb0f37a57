import { createNotifier } from '#platform/concurrency/notifier.ts';
import type { LeaseHint } from '#platform/postgres/lease.ts';

/** Lets this process try for the lease before its regular next attempt. */
export type LeaseTrigger = LeaseHint & {
  /** Tries for the lease at once. A lease with the given token may be taken although it has not expired. */
  acquireNow(leaseToken?: bigint): void;
};

/** A trigger that names no token yet. A request that comes while nothing waits ends the next wait at once. */
export function createLeaseTrigger(): LeaseTrigger {
  let token: bigint | undefined;
  let isPending = false;
  const requested = createNotifier();
  return {
    replaces: () => token,
    acquireNow(leaseToken) {
      token = leaseToken ?? token;
      isPending = true;
      requested.notify();
    },
    async wait(signal) {
      if (!isPending) await requested.wait(signal);
      // However the wait ended, the caller now tries for the lease, which answers every request until then.
      isPending = false;
    },
  };
}
