/** The thread of createAlarm: sleeps until it is told a time, then until that time, then says so. */
import { parentPort, workerData } from 'node:worker_threads';

const { request, due } = workerData as { request: Int32Array; due: Float64Array };
const never = new Int32Array(new SharedArrayBuffer(4));

for (let answered = 0; ; ) {
  Atomics.wait(request, 0, answered);
  answered = Atomics.load(request, 0);
  if (answered < 0) break;
  const waitMs = (due[0] ?? 0) - (performance.timeOrigin + performance.now());
  if (waitMs > 0) Atomics.wait(never, 0, 0, waitMs);
  parentPort?.postMessage(answered);
}
