/** Notifies waiters in this process that there may be something new: in a feed, a queue or a table. */
export type Notifier = {
  /** Resolves at the next `notify`, or when the signal aborts; never rejects. */
  wait(signal: AbortSignal): Promise<void>;
  /** Calls `onNotify` at each `notify` until it is disposed; for repeated waits. It must not throw. */
  subscribe(onNotify: () => void): Disposable;
  notify(): void;
};

/** A notifier for any number of waiters; call `notify` after each commit, or from a listen callback. */
export function createNotifier(): Notifier {
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
    subscribe(onNotify) {
      // The same function may be subscribed twice.
      const waiter = () => onNotify();
      waiters.add(waiter);
      return { [Symbol.dispose]: () => waiters.delete(waiter) };
    },
    notify() {
      for (const waiter of [...waiters]) waiter();
    },
  };
}
