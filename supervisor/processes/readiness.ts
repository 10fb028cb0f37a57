import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const PROBE_TIMEOUT_MS = 2_000;
const PROBE_INTERVAL_MS = 50;

/** Asks an admin port's /readyz until it answers 200; false when the signal aborts first. */
export async function waitUntilReady(options: { host: string; port: number; signal: AbortSignal }): Promise<boolean> {
  while (!options.signal.aborted) {
    if (await isReady(options.host, options.port)) return true;
    await sleep(PROBE_INTERVAL_MS, undefined, { signal: options.signal }).catch(() => {});
  }
  return false;
}

function isReady(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host, port, path: '/readyz', timeout: PROBE_TIMEOUT_MS, agent: false }, (response) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode === 200));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
