import { Worker } from 'node:worker_threads';

/** A timer that is late by hundredths of a millisecond; timers of the event loop are late by whole milliseconds. */
export type Alarm = AsyncDisposable & {
  /** Resolves at the time, on the clock of `performance.now()`. One at a time. */
  waitUntil(timeMs: number): Promise<void>;
};

/** Starts the thread that sleeps. Each wait costs two thread switches, and no processor time in between. */
export function createAlarm(): Alarm {
  const requests = new Int32Array(new SharedArrayBuffer(4));
  const due = new Float64Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL('./alarm-thread.ts', import.meta.url), { workerData: { requests, due } });
  let wake: (() => void) | undefined;
  let fail: ((error: Error) => void) | undefined;
  worker.on('message', () => wake?.());
  worker.on('error', (error: Error) => fail?.(error));
  const request = (value: number) => {
    Atomics.store(requests, 0, value);
    Atomics.notify(requests, 0);
  };
  return {
    waitUntil: (timeMs) =>
      new Promise((resolve, reject) => {
        [wake, fail] = [resolve, reject];
        due[0] = performance.timeOrigin + timeMs;
        request((Atomics.load(requests, 0) + 1) & 0x7fffffff);
      }),
    async [Symbol.asyncDispose]() {
      request(-1);
      await worker.terminate();
    },
  };
}
