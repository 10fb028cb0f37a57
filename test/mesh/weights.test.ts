import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeRoutes, kubectl, type Route, shareRoutes } from '../../scripts/mesh/index.ts';
import { applyAndWait, meshNamespace } from './cluster.ts';
import { standInPod } from './pods.ts';
import { probe, type RpcCall, serviceCaller } from './probe.ts';

const service = 'user';
const calls = 2_000;
const inNamespace = (...args: string[]) => kubectl(['-n', meshNamespace, ...args]);

async function share(weight: number, byHeader: boolean): Promise<void> {
  const change = (http: readonly Route[]) => shareRoutes(service, http, { weight, byHeader });
  await changeRoutes<Route>(meshNamespace, `retries-${service}`, change);
}

/** How many of the calls reach the canary, which answers each with the number of it. */
async function countAtCanary(count: number, headers: Record<string, string> = {}): Promise<number> {
  const path = '/outcry.user.v1.SessionService/LogIn';
  const call: RpcCall = { service, path, headers: { ...headers, 'x-probe': 'weights', 'x-ends': 'unavailable' } };
  const { rpcs } = await probe(serviceCaller('gateway'), { rpcs: Array.from({ length: count }, () => call) });
  return rpcs.filter(({ message }) => message.startsWith('try ')).length;
}

beforeAll(async () => {
  await applyAndWait(meshNamespace, [await standInPod(service, { track: 'canary' })], 'role=stand-in');
});
afterAll(async () => {
  await share(0, false);
  await inNamespace('delete', 'pod', `stand-in-${service}`, '--ignore-not-found');
});

describe('the weights of a canary', () => {
  it('give it a tenth of 2,000 calls, and every call that asks for it', { timeout: 180_000 }, async () => {
    expect(await countAtCanary(50)).toBe(0);
    await share(10, true);
    const headers = { baggage: `any=1,outcry-canary=${service}` };
    await expect.poll(() => countAtCanary(5, headers), { timeout: 30_000, interval: 1_000 }).toBe(5);
    const reached = await countAtCanary(calls);
    console.log(JSON.stringify({ bench: 'mesh', weights: '90/10', calls, reached }));
    const deviation = Math.sqrt(calls * 0.1 * 0.9);
    // By chance alone three deviations are passed once in 370 runs, five once in a million.
    expect(Math.abs(reached - calls / 10)).toBeLessThanOrEqual(5 * deviation);
    expect(await countAtCanary(200, headers)).toBe(200);
  });
});
