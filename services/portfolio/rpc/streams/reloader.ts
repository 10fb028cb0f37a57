/** Loads a value again whenever it may have changed: one load at a time, and one more after it when requested meanwhile. */
import { backoffMs, pause } from '#platform/time/pause.ts';

/** Dispose to stop. */
export type Reloader = Disposable & {
  /** A load that begins after this call is reported to `onLoaded`; several calls may share one. */
  request(): void;
};

/** A load that fails is repeated after 100 ms to 2 s until it succeeds. */
export function createReloader<T>(options: {
  load: () => Promise<T>;
  onLoaded: (value: T) => void;
  onFailure: (error: unknown) => void;
}): Reloader {
  const closing = new AbortController();
  const { signal } = closing;
  let isRequested = false;
  let isRunning = false;

  const run = async () => {
    for (let failures = 0; isRequested && !signal.aborted; ) {
      isRequested = false;
      try {
        const loaded = await options.load();
        failures = 0;
        if (!signal.aborted) options.onLoaded(loaded);
      } catch (error) {
        isRequested = true;
        options.onFailure(error);
        await pause(backoffMs(failures, 100, 2_000), signal);
        failures += 1;
      }
    }
    isRunning = false;
  };

  return {
    request() {
      isRequested = true;
      if (isRunning) return;
      isRunning = true;
      void run();
    },
    [Symbol.dispose]: () => closing.abort(),
  };
}
