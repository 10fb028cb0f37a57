/**
 * Bounds how much is hashed at once: each hash takes 19 MiB and tens of milliseconds of a core. What waits is served in turns by
 * lane, one for each network address, so that a flood from one address holds the others up for one round at most.
 */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { cancelled, resourceExhausted } from '#platform/errors/outcry-error.ts';
import { createFairQueue, type FairQueue } from '../domain/fair-queue.ts';

/**
 * Whose work it is. `isTrusted`: of a known device, an open session or the service itself. Trusted and other work wait apart and
 * take turns.
 */
export type HashLane = { name: string; isTrusted: boolean };

/** Runs work in one of a few places; further work waits. */
export type HashGate = {
  /**
   * Rejects with RESOURCE_EXHAUSTED when too much is waiting, with CANCELLED when the signal aborts before its turn; work that has
   * begun is not stopped.
   */
  run<T>(options: { lane: HashLane; signal: AbortSignal }, work: () => Promise<T>): Promise<T>;
};

type Waiting = { start: () => void; refuse: (reason: Error) => void };

/** A gate with `concurrency` places; at most `queueLengthMax` of the trusted and as many others wait. */
export function createHashGate(options: { concurrency: number; queueLengthMax: number }): HashGate {
  const lengthMax = options.queueLengthMax;
  // The queue in front is asked first, and goes to the back when it gave the place.
  const queues: FairQueue<Waiting>[] = [createFairQueue({ lengthMax }), createFairQueue({ lengthMax })];
  const [trusted, others] = queues as [FairQueue<Waiting>, FairQueue<Waiting>];
  let free = options.concurrency;

  const waitIn = async (queue: FairQueue<Waiting>, lane: string, signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const entry: Waiting = { start: resolve, refuse: reject };
    queue.push(lane, entry)?.refuse(overloaded());
    const leave = () => {
      queue.remove(lane, entry);
      reject(cancelled());
    };
    signal.addEventListener('abort', leave, { once: true });
    await promise.finally(() => signal.removeEventListener('abort', leave));
  };

  // A place goes straight to the next in turn and is never free in between.
  const release = () => {
    for (const queue of [...queues]) {
      const next = queue.shift();
      if (next === undefined) continue;
      queues.push(...queues.splice(queues.indexOf(queue), 1));
      next.start();
      return;
    }
    free += 1;
  };

  return {
    async run({ lane, signal }, work) {
      if (signal.aborted) throw cancelled();
      if (free > 0) free -= 1;
      else await waitIn(lane.isTrusted ? trusted : others, lane.name, signal);
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}

function overloaded() {
  return resourceExhausted(ErrorReason.OVERLOADED, 'too many log-ins at the moment', { retryDelayMs: 1_000 });
}
