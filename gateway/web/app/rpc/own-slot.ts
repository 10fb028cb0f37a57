/** Streams that one window reads for all windows of a browser. */

/**
 * Runs `work` with the slot of this name, for which all windows wait in turn: one of them does the work for all. Where windows cannot agree
 * each does it for itself. Rejects when the signal aborts before its turn.
 */
export async function inOwnSlot(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) return work();
  await locks.request(`outcry.stream.${name}`, { signal }, work);
}
