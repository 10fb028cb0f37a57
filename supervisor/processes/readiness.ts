import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const probeTimeoutMs = 2_000;
const probeIntervalMs = 50;
// A process that is not ready for so long is probed less often.
const briskForMs = 30_000;
const laterIntervalMs = 500;

/** Asks an admin port's /readyz until it answers 200; false when the signal aborts first. */
export async function waitUntilReady(options: { host: string; port: number; signal: AbortSignal }): Promise<boolean> {
  const startTimeMs = performance.now();
  while (!options.signal.aborted) {
    if (await isReady(options.host, options.port)) return !options.signal.aborted;
    const intervalMs = performance.now() - startTimeMs < briskForMs ? probeIntervalMs : laterIntervalMs;
    await sleep(intervalMs, undefined, { signal: options.signal }).catch(() => {});
  }
  return false;
}

function isReady(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host, port, path: '/readyz', timeout: probeTimeoutMs, agent: false }, (response) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode === 200));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
