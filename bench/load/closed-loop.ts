/**
 * Runs `callers` concurrent callers for `durationMs`; each sends its next call when its last one is answered. `call` must not reject.
 * Resolves once all calls are answered; rejects when the signal aborts.
 */
export async function runClosedLoop(options: {
  callers: number;
  durationMs: number;
  call: () => Promise<void>;
  signal: AbortSignal;
}): Promise<void> {
  const { callers, durationMs, call, signal } = options;
  const endTimeMs = performance.now() + durationMs;
  const caller = async () => {
    while (performance.now() < endTimeMs && !signal.aborted) await call();
  };
  await Promise.all(Array.from({ length: callers }, caller));
  signal.throwIfAborted();
}
