/**
 * Over HTTP/1.1 a browser opens at most six connections to a host, for all its windows together, and a stream keeps one. So four
 * slots are shared by all windows, a fifth is for the stream that one window reads for all, and a connection is always left for calls.
 */

const slotsMax = 4;

/** Runs `work` with a slot when one is free, else without. Where windows cannot agree (plain HTTP from afar) all have slots. */
export async function withStreamSlot(work: (hasSlot: boolean) => Promise<void>): Promise<void> {
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) return work(true);
  for (let slot = 0; slot < slotsMax; slot++) {
    const done = await locks.request(`outcry.stream.${slot}`, { ifAvailable: true }, async (lock) => {
      if (lock !== null) await work(true);
      return lock !== null;
    });
    if (done) return;
  }
  return work(false);
}
