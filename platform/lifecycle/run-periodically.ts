/** Repeats a piece of work for as long as a process lives. */
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';

/** What is repeated, and how often. */
export type PeriodicWork = {
  /** Names the log lines. */
  name: string;
  /** One round; resolves to whether there is more to do at once. */
  work: () => Promise<boolean>;
  /** From the end of a round to the next, when there is no more to do. */
  pauseMs: number;
  /** Whether to pause before the first round too. */
  pauseFirst?: boolean;
  /** Aborts to begin no further round. */
  signal: AbortSignal;
  logger: Logger;
};

/** Runs rounds until the signal aborts. One that fails is logged and followed by the next after 100 ms to 5 s. Never rejects. */
export async function runPeriodically({
  name,
  work,
  pauseMs,
  pauseFirst,
  signal,
  logger,
}: PeriodicWork): Promise<void> {
  let failures = 0;
  // Random, so that replicas take turns.
  const rest = () => pause(pauseMs * (0.9 + Math.random() / 5), signal);
  if (pauseFirst) await rest();
  while (!signal.aborted) {
    try {
      const isMore = await work();
      failures = 0;
      if (!isMore) await rest();
    } catch (error) {
      logger.warn({ rounds: name, error, failures }, 'a round failed; it is tried again');
      await pause(backoffMs(failures++, 100, 5_000), signal);
    }
  }
}
