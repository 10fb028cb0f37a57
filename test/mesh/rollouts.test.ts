import { describe, expect, it } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { kubectl, serviceLabel } from '../../scripts/mesh/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, orderOnce, placeOrder, registerInvestor } from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import { administrator, ingressUrl, meshNamespace } from './cluster.ts';

const symbol = 'ACME';
const takesAll = process.env.OUTCRY_MESH_ALL === '1';
const inNamespace = (...args: string[]) => kubectl(['-n', meshNamespace, ...args], { timeoutMs: 400_000 });

/** Starts pods anew, one of each workload at a time, and waits until the new ones are ready. */
async function restart(...workloads: string[]): Promise<void> {
  await inNamespace('rollout', 'restart', ...workloads);
  const names = await inNamespace('get', ...workloads, '-o', 'name');
  for (const name of names.trim().split('\n')) await inNamespace('rollout', 'status', name, '--timeout=380s');
}

/** A price at which an order rests: below the market, within the band, on any tick. */
async function restingPrice(investor: Investor): Promise<string> {
  const { depth } = await investor.call('MarketService/GetDepth', { symbol, levels: 1 });
  const { bids = [] } = depth as { bids?: { price: string }[] };
  return `${Math.floor(Number(bids[0]?.price) * 0.9)}.00`;
}

/** Makes calls one after the other until the signal aborts. None is repeated here. */
async function repeat(call: () => Promise<unknown>, intervalMs: number, signal: AbortSignal) {
  const result = { succeeded: 0, failures: [] as string[] };
  while (!signal.aborted) {
    const sentTime = new Date().toISOString();
    await call().then(
      () => (result.succeeded += 1),
      (error) => result.failures.push(`sent ${sentTime}: ${error}`),
    );
    await pause(intervalMs, signal);
  }
  return result;
}

/** Trades and reads while `change` runs; no call may fail, and no order may be lost. */
async function tradeThrough(name: string, change: () => Promise<void>): Promise<void> {
  const client = createTestClient('connect', await ingressUrl());
  const investor = await registerInvestor(client, '100000.00');
  const terms = limitTerms('BUY', symbol, '1', await restingPrice(investor));
  const placed: string[] = [];
  // An account may have few open orders: each one takes the place of the one before.
  const place = async () => {
    const previous = placed.at(-1);
    placed.push((await placeOrder(investor, terms)).orderId);
    if (previous !== undefined) await investor.call('OrderService/CancelOrder', { orderId: previous });
  };
  const stop = new AbortController();
  const orders = repeat(place, 300, stop.signal);
  const reads = repeat(() => investor.call('LedgerService/GetBalances'), 100, stop.signal);
  await change().finally(() => stop.abort());
  const [ordered, read] = await Promise.all([orders, reads]);
  const failures = [...ordered.failures, ...read.failures];
  const counts = { orders: ordered.succeeded, reads: read.succeeded, failed: failures.length };
  console.log(JSON.stringify({ bench: 'mesh', rollout: name, ...counts }));
  expect(failures).toEqual([]);
  expect(placed.length).toBeGreaterThan(0);
  const last = placed.pop() ?? '';
  await orderOnce(investor, last, 'OPEN');
  for (const orderId of placed) await orderOnce(investor, orderId, 'CANCELLED');
  await audit(client, await administrator());
}

describe('a rollout under orders', () => {
  it('of the exchange: no call fails, no order is lost', { timeout: 600_000 }, async () => {
    await tradeThrough('exchange', () => restart('statefulset/exchange'));
  });

  it('of everything, twice: no call fails, no order is lost', { timeout: 1_200_000 }, async (context) => {
    if (!takesAll) return context.skip('takes minutes: npm run test:mesh -- --all');
    await tradeThrough('all, twice', async () => {
      await restart('deployments,statefulsets', '-l', serviceLabel);
      await restart('deployments,statefulsets', '-l', serviceLabel);
    });
  });
});
