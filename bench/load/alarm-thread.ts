/** The worker thread of createAlarm: waits for a request, sleeps until its time, then posts a message. */
import { parentPort, workerData } from 'node:worker_threads';

const { requests, due } = workerData as { requests: Int32Array; due: Float64Array };
const never = new Int32Array(new SharedArrayBuffer(4));

for (let answered = 0; ; ) {
  Atomics.wait(requests, 0, answered);
  answered = Atomics.load(requests, 0);
  if (answered < 0) break;
  const waitMs = (due[0] ?? 0) - (performance.timeOrigin + performance.now());
  if (waitMs > 0) Atomics.wait(never, 0, 0, waitMs);
  parentPort?.postMessage(answered);
}
