/** Reads something again whenever it may have changed: one read at a time, and one more after it when asked meanwhile. */
import { backoffMs, pause } from '#platform/time/pause.ts';

/** Dispose to stop. */
export type Reloader = Disposable & {
  /** What is read after this call is told; calls in between are answered together. */
  request(): void;
};

/** A read that fails is tried again after 100 ms to 2 s until it succeeds. */
export function createReloader<T>(options: {
  load: () => Promise<T>;
  onLoaded: (value: T) => void;
  onFailure: (error: unknown) => void;
}): Reloader {
  const closing = new AbortController();
  const { signal } = closing;
  let isAsked = false;
  let isRunning = false;

  const run = async () => {
    for (let failures = 0; isAsked && !signal.aborted; ) {
      isAsked = false;
      try {
        const loaded = await options.load();
        failures = 0;
        if (!signal.aborted) options.onLoaded(loaded);
      } catch (error) {
        isAsked = true;
        options.onFailure(error);
        await pause(backoffMs(failures, 100, 2_000), signal);
        failures += 1;
      }
    }
    isRunning = false;
  };

  return {
    request() {
      isAsked = true;
      if (isRunning) return;
      isRunning = true;
      void run();
    },
    [Symbol.dispose]: () => closing.abort(),
  };
}
