/** Processes a queue that lies in a table, with a bounded number of items in work at once. */
import type { Notifier } from '#platform/concurrency/notifier.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';

/** Where the items come from and what is done with each. */
export type WorkerPoolOptions<T> = {
  /** Names the log lines. */
  name: string;
  /**
   * Claims up to `limit` items that are due, so that no other replica gets them for a while (FOR UPDATE SKIP LOCKED and a time
   * from which they may be claimed again).
   */
  claim: (limit: number) => Promise<T[]>;
  /** Processes one item and stores its outcome. An error is logged; the item may be claimed again later. */
  work: (item: T) => Promise<void>;
  /** Items in work at once in this process. */
  concurrencyMax: number;
  /** How long to wait when nothing is due, default 1 s. */
  idleMs?: number;
  /** Ends that wait early. */
  notifier?: Notifier;
  /** Aborts to claim no more. */
  signal: AbortSignal;
  logger: Logger;
};

/** Runs until the signal aborts, then waits for the items in work. Never rejects. */
export async function runWorkerPool<T>(options: WorkerPoolOptions<T>): Promise<void> {
  const { name, claim, concurrencyMax, signal, logger } = options;
  const inWork = new Set<Promise<void>>();
  let failures = 0;
  while (!signal.aborted) {
    if (inWork.size >= concurrencyMax) {
      await Promise.race(inWork);
      continue;
    }
    const rest = startRest(options);
    try {
      const limit = concurrencyMax - inWork.size;
      const items = await claim(limit);
      failures = 0;
      for (const item of items) start(options, item, inWork);
      if (items.length < limit) await rest.over();
    } catch (error) {
      logger.warn({ queue: name, error, failures }, 'nothing can be claimed at the moment');
      await pause(backoffMs(failures++, 100, 5_000), signal);
    } finally {
      rest.end();
    }
  }
  await Promise.all(inWork);
}

function start<T>({ name, work, logger }: WorkerPoolOptions<T>, item: T, inWork: Set<Promise<void>>): void {
  const running = work(item)
    .catch((error) => logger.warn({ queue: name, error }, 'an item failed; it is claimed again later'))
    .finally(() => inWork.delete(running));
  inWork.add(running);
}

// Armed before the claim: a notification in the middle of it must not be missed.
function startRest<T>({ notifier, idleMs = 1_000, signal }: WorkerPoolOptions<T>) {
  const ended = new AbortController();
  const stop = AbortSignal.any([ended.signal, signal]);
  const woken = notifier?.wait(stop);
  return {
    async over() {
      // Random, so that replicas take turns.
      const idle = pause(idleMs * (0.9 + Math.random() / 5), stop);
      await (woken === undefined ? idle : Promise.race([woken, idle]));
    },
    end: () => ended.abort(),
  };
}
