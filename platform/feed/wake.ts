/** Tells those who wait for a feed that there may be something new. */
export type FeedWake = {
  /** Resolves at the next `notify`, or when the signal aborts; never rejects. */
  wait(signal: AbortSignal): Promise<void>;
  notify(): void;
};

/** A wake for any number of waiters in this process; call `notify` after each commit, or from a listen callback. */
export function createFeedWake(): FeedWake {
  const waiters = new Set<() => void>();
  return {
    wait(signal) {
      if (signal.aborted) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const done = () => {
        waiters.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      waiters.add(done);
      signal.addEventListener('abort', done, { once: true });
      return promise;
    },
    notify() {
      for (const done of [...waiters]) done();
    },
  };
}
