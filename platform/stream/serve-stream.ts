/** Serves a public stream: changes as they come, a heartbeat in silence, an end at its age. */
import { startTimer, type Timer } from '#platform/time/timer.ts';

/** Where a stream takes its messages from. Holds a bounded amount, whatever its reader does. */
export type MessageSource<M> = Disposable & {
  /** The next message; undefined when there is none at the moment. */
  take(): M | undefined;
};

/** Makes a source; it calls `wake` whenever it may have something new. */
export type SourceOpener<M> = (wake: () => void) => MessageSource<M>;

/** The times of a stream. */
export type StreamTimes = {
  /** Silence after which a heartbeat is sent. */
  heartbeatMs: number;
  /** Age at which the stream ends. */
  ageMaxMs: number;
  /** Least time between two messages; what comes meanwhile is conflated by the source. */
  pauseMs: number;
};

/** The times that the contract states. */
export const defaultStreamTimes: StreamTimes = { heartbeatMs: 10_000, ageMaxMs: 15 * 60_000, pauseMs: 0 };

/**
 * Sends what the source has, in its own time: while the reader is behind, nothing is taken. Ends with `end` at its age, or when
 * the server asks streams to end; without a word when the caller is gone.
 */
export async function* serveStream<M>(
  open: SourceOpener<M>,
  options: StreamTimes & { signal: AbortSignal; heartbeat: () => M; end: () => M },
): AsyncGenerator<M, void> {
  const { signal, heartbeatMs, ageMaxMs, pauseMs } = options;
  const sleeper = createSleeper(signal);
  const source = open(sleeper.wake);
  const endTimeMs = performance.now() + ageMaxMs;
  let heartbeatTimeMs = performance.now() + heartbeatMs;
  try {
    while (!signal.aborted && performance.now() < endTimeMs) {
      const message = source.take();
      const nowMs = performance.now();
      if (message !== undefined) {
        heartbeatTimeMs = nowMs + heartbeatMs;
        yield message;
        if (pauseMs > 0) await sleeper.sleepThrough(pauseMs);
      } else if (nowMs >= heartbeatTimeMs) {
        heartbeatTimeMs = nowMs + heartbeatMs;
        yield options.heartbeat();
      } else await sleeper.sleep(Math.min(heartbeatTimeMs, endTimeMs) - nowMs);
    }
    yield options.end();
  } finally {
    source[Symbol.dispose]();
    sleeper.close();
  }
}

type Sleeper = {
  wake: () => void;
  /** Until woken, but no longer than this. */
  sleep(durationMs: number): Promise<void>;
  /** As long as this, woken or not. */
  sleepThrough(durationMs: number): Promise<void>;
  close(): void;
};

function createSleeper(signal: AbortSignal): Sleeper {
  let woken = false;
  let resume: (() => void) | undefined;
  let isDeaf = false;
  let timer: Timer | undefined;
  const goOn = () => {
    timer?.[Symbol.dispose]();
    resume?.();
    resume = undefined;
  };
  const rest = (durationMs: number) =>
    new Promise<void>((resolve) => {
      resume = resolve;
      timer = startTimer(durationMs, goOn);
    });
  signal.addEventListener('abort', goOn);
  return {
    wake() {
      woken = true;
      if (!isDeaf) goOn();
    },
    async sleep(durationMs) {
      if (!woken && !signal.aborted) await rest(durationMs);
      woken = false;
    },
    async sleepThrough(durationMs) {
      isDeaf = true;
      if (!signal.aborted) await rest(durationMs);
      isDeaf = false;
    },
    close: () => signal.removeEventListener('abort', goOn),
  };
}
