import { Worker } from 'node:worker_threads';

/** Wakes the caller at a time, a few hundredths of a millisecond late; timers of the event loop are whole milliseconds late. */
export type Alarm = AsyncDisposable & {
  /** Resolves at the time, on the clock of `performance.now()`. One at a time. */
  waitUntil(timeMs: number): Promise<void>;
};

/** Starts the thread that sleeps. It costs two changes of thread each time, and nothing while it waits. */
export function createAlarm(): Alarm {
  const request = new Int32Array(new SharedArrayBuffer(4));
  const due = new Float64Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL('./alarm-thread.ts', import.meta.url), { workerData: { request, due } });
  let wake: (() => void) | undefined;
  let fail: ((error: Error) => void) | undefined;
  worker.on('message', () => wake?.());
  worker.on('error', (error: Error) => fail?.(error));
  const tell = (value: number) => {
    Atomics.store(request, 0, value);
    Atomics.notify(request, 0);
  };
  return {
    waitUntil: (timeMs) =>
      new Promise((resolve, reject) => {
        [wake, fail] = [resolve, reject];
        due[0] = performance.timeOrigin + timeMs;
        tell((Atomics.load(request, 0) + 1) & 0x7fffffff);
      }),
    async [Symbol.asyncDispose]() {
      tell(-1);
      await worker.terminate();
    },
  };
}
