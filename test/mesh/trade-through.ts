/** Trade and reads while something changes in the cluster. */
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, orderOnce, placeOrder, registerInvestor } from '../support/investor.ts';
import { auditMesh, ingressUrl } from './cluster.ts';

const symbol = 'ACME';

/** What was called: the calls that succeeded, and those that failed in words. */
export type Traded = { orders: number; reads: number; failures: string[] };

/** Trades and reads while `change` runs; no call may fail, and no order may be lost. */
export async function tradeThrough(name: string, change: () => Promise<void>): Promise<void> {
  const { failures } = await tradeDuring(name, change);
  expect(failures).toEqual([]);
}

/**
 * As `tradeThrough`, where calls may fail: no order that was answered may be lost all the same, and the audit is clean at the end, or
 * within `untilCleanMs` of it.
 */
export async function tradeDuring(
  name: string,
  change: () => Promise<void>,
  { untilCleanMs = 0 }: { untilCleanMs?: number } = {},
): Promise<Traded> {
  const client = createTestClient('connect', await ingressUrl());
  const investor = await registerInvestor(client, '100000.00');
  const terms = limitTerms('BUY', symbol, '1', await restingPrice(investor, symbol));
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
  expect(placed.length).toBeGreaterThan(0);
  const last = placed.pop() ?? '';
  await orderOnce(investor, last, 'OPEN');
  if (failures.length === 0) for (const orderId of placed) await orderOnce(investor, orderId, 'CANCELLED');
  await eventually(auditMesh, { timeoutMs: untilCleanMs });
  return { orders: ordered.succeeded, reads: read.succeeded, failures };
}

/** A price at which an order to buy rests: below the market, within the band, on any tick. */
export async function restingPrice(investor: Investor, symbol: string): Promise<string> {
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
