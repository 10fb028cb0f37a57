/** Bounds how much is hashed at once: each hash takes 19 MiB and tens of milliseconds of a core. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { cancelled, resourceExhausted } from '#platform/errors/outcry-error.ts';

/** Runs work in one of a few places; further work waits in a bounded line. */
export type HashGate = {
  /** Rejects with RESOURCE_EXHAUSTED when the line is full, CANCELLED when the caller left before its turn. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
};

/** A gate with `concurrency` places and a line of at most `queueLengthMax`. */
export function createHashGate(options: { concurrency: number; queueLengthMax: number }): HashGate {
  let free = options.concurrency;
  const line: (() => void)[] = [];

  const enter = async () => {
    if (free > 0) {
      free -= 1;
      return;
    }
    if (line.length >= options.queueLengthMax) {
      throw resourceExhausted(ErrorReason.OVERLOADED, 'too many log-ins at the moment', { retryDelayMs: 1_000 });
    }
    await new Promise<void>((resolve) => line.push(resolve));
  };

  // A place is handed to the first in line and never becomes free in between.
  const leave = () => {
    const next = line.shift();
    if (next === undefined) free += 1;
    else next();
  };

  return {
    async run(signal, work) {
      await enter();
      try {
        if (signal.aborted) throw cancelled();
        return await work();
      } finally {
        leave();
      }
    },
  };
}
