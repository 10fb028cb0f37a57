/** Ctrl-C and its relatives, as two requests: stop in order, then stop at once. */
export type Interrupt = {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Runs `force` when a second signal comes. */
  onForce(force: () => void): void;
};

/** An interrupt, and how a signal reaches it. */
export type InterruptSource = { interrupt: Interrupt; onSignal: () => void };

// npm and a first stage on an older Node pass on a Ctrl-C that the terminal also sends here: one press is one request.
const samePressMs = 500;

/** Listens for SIGINT, SIGTERM and SIGHUP for the rest of the process's life. */
export function listenForInterrupts(): Interrupt {
  const { interrupt, onSignal } = createInterrupt(() => performance.now());
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  return interrupt;
}

/** An interrupt without signals yet. Signals within half a second of the first one count as the same press. */
export function createInterrupt(nowMs: () => number): InterruptSource {
  const first = new AbortController();
  const forces: (() => void)[] = [];
  let firstTimeMs = 0;
  const onSignal = (): void => {
    if (!first.signal.aborted) {
      firstTimeMs = nowMs();
      first.abort();
    } else if (nowMs() - firstTimeMs > samePressMs) {
      for (const force of forces) force();
    }
  };
  return { interrupt: { signal: first.signal, onForce: (force) => void forces.push(force) }, onSignal };
}

/** Resolves when the signal aborts. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
