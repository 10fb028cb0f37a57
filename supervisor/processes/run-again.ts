import type { Restarts } from './restarts.ts';

/** A server that was started and may end. */
export type EndingServer = { ended: Promise<void> };

/** How a server is run again whenever it ends. */
export type RunAgainOptions<S extends EndingServer> = {
  first: S;
  start: () => Promise<S>;
  /** Called with each server that was started again. */
  onStart: (server: S) => void;
  /** The last line of its log. */
  lastLogLine: () => string;
  restarts: Restarts;
  signal: AbortSignal;
};

/** Starts the server again, with the delays of `restarts`. Resolves once the signal is aborted and no start is under way. */
export async function runAgain<S extends EndingServer>(options: RunAgainOptions<S>): Promise<void> {
  const { first, start, onStart, lastLogLine, restarts, signal } = options;
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  let server: S | undefined = first;
  let refusal: string | undefined;
  while (!signal.aborted) {
    if (server) await Promise.race([server.ended, aborted]);
    if (signal.aborted) return;
    await restarts.ended(refusal ?? lastLogLine(), signal);
    if (signal.aborted) return;
    try {
      server = await start();
      refusal = undefined;
      onStart(server);
      restarts.ready();
    } catch (error) {
      server = undefined;
      refusal = error instanceof Error ? error.message : String(error);
    }
  }
}
