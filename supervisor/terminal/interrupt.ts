/** Ctrl-C and its relatives, as two requests: stop in order, then stop at once. */
export type Interrupt = {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Runs `force` when a second signal comes. */
  onForce(force: () => void): void;
};

// npm and a first stage on an older Node pass on a Ctrl-C that the terminal also sends here: one press is one request.
const samePressMs = 500;

/** Listens for SIGINT, SIGTERM and SIGHUP for the rest of the process's life. */
export function listenForInterrupts(): Interrupt {
  const first = new AbortController();
  const forces: (() => void)[] = [];
  let firstTimeMs = 0;
  const onSignal = (): void => {
    const nowMs = performance.now();
    if (!first.signal.aborted) {
      firstTimeMs = nowMs;
      first.abort();
    } else if (nowMs - firstTimeMs > samePressMs) {
      for (const force of forces) force();
    }
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  return { signal: first.signal, onForce: (force) => void forces.push(force) };
}
