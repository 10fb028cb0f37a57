/** Serves a public stream: changes as they come, a heartbeat in silence, an end at its age. */
import { startTimer, type Timer } from '#platform/time/timer.ts';

/** Where a stream takes its messages from. Stores a bounded number of messages, however slow its reader is. */
export type MessageSource<M> = Disposable & {
  /** The next message; undefined when there is none at the moment. */
  take(): M | undefined;
};

/** Makes a source; it calls `wake` whenever it may have something new. */
export type SourceOpener<M> = (wake: () => void) => MessageSource<M>;

/** Why a stream ends: at its greatest age, or because the server asked streams to end. */
export type EndCause = 'age' | 'shutdown';

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
 * Yields the source's messages; none is taken while the reader is behind. Ends with the message `end` at the greatest age, or when
 * the server asks streams to end; without a message when the caller has cancelled.
 */
export async function* serveStream<M>(
  open: SourceOpener<M>,
  options: StreamTimes & { signal: AbortSignal; heartbeat: () => M; end: (cause: EndCause) => M },
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
    yield options.end(signal.aborted ? 'shutdown' : 'age');
  } finally {
    source[Symbol.dispose]();
    sleeper.close();
  }
}

type Sleeper = {
  wake: () => void;
  /** Resolves when woken, or after `durationMs`. */
  sleep(durationMs: number): Promise<void>;
  /** Resolves after `durationMs`, whether woken or not. */
  sleepThrough(durationMs: number): Promise<void>;
  close(): void;
};

function createSleeper(signal: AbortSignal): Sleeper {
  let woken = false;
  let resume: (() => void) | undefined;
  let ignoresWakes = false;
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
      if (!ignoresWakes) goOn();
    },
    async sleep(durationMs) {
      if (!woken && !signal.aborted) await rest(durationMs);
      woken = false;
    },
    async sleepThrough(durationMs) {
      ignoresWakes = true;
      if (!signal.aborted) await rest(durationMs);
      ignoresWakes = false;
    },
    close: () => signal.removeEventListener('abort', goOn),
  };
}
