import { describe, expect, it } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { kubectl } from '../../scripts/mesh/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, logIn, orderOnce, placeOrder, registerInvestor } from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import { administrator, ingressUrl, meshNamespace } from './cluster.ts';

type Standbys = { servingAddress: string; standbys?: { address: string }[] };

const symbol = 'ACME';
const peers = ['exchange-0:9000', 'exchange-1:9000'];
const inNamespace = (...args: string[]) => kubectl(['-n', meshNamespace, ...args], { timeoutMs: 400_000 });

async function logInAsAdministrator(): Promise<Investor> {
  const { email, password } = await administrator();
  return logIn(createTestClient('connect', await ingressUrl()), email, password);
}

async function readStandbys(admin: Investor): Promise<Standbys> {
  return (await admin.call('ExchangeAdminService/GetStandbys', { shard: 0 })) as unknown as Standbys;
}

/** Waits until one process serves and the other follows it. */
async function untilBothRun(admin: Investor): Promise<Standbys> {
  let found: Standbys = { servingAddress: '' };
  await expect
    .poll(
      async () => {
        found = await readStandbys(admin);
        return [found.servingAddress, ...(found.standbys ?? []).map(({ address }) => address)].toSorted();
      },
      { timeout: 60_000, interval: 500 },
    )
    .toEqual(peers);
  return found;
}

/** A price at which an order rests: below the market, within the band, on any tick. */
async function restingPrice(investor: Investor): Promise<string> {
  const { depth } = await investor.call('MarketService/GetDepth', { symbol, levels: 1 });
  const { bids = [] } = depth as { bids?: { price: string }[] };
  return `${Math.floor(Number(bids[0]?.price) * 0.9)}.00`;
}

/** Places resting orders one after the other until the signal aborts. No call is repeated here. */
async function placeUntil(signal: AbortSignal, investor: Investor): Promise<{ placed: string[]; failures: string[] }> {
  const placed: string[] = [];
  const failures: string[] = [];
  const terms = limitTerms('BUY', symbol, '1', await restingPrice(investor));
  while (!signal.aborted) {
    const sentTime = new Date().toISOString();
    await placeOrder(investor, terms).then(
      ({ orderId }) => placed.push(orderId),
      (error) => failures.push(`sent ${sentTime}: ${error}`),
    );
    await pause(300, signal);
  }
  return { placed, failures };
}

describe('the exchange', () => {
  it('has a standby that reaches it by name, and hands over there and back', { timeout: 180_000 }, async () => {
    const admin = await logInAsAdministrator();
    const before = await untilBothRun(admin);
    const answer = await admin.call('ExchangeAdminService/Handover', { shard: 0 });
    expect(answer).toMatchObject({ fromAddress: before.servingAddress, toAddress: before.standbys?.[0]?.address });
    await untilBothRun(admin);
    const back = await admin.call('ExchangeAdminService/Handover', { shard: 0, toAddress: before.servingAddress });
    expect(back).toMatchObject({ toAddress: before.servingAddress });
    expect((await untilBothRun(admin)).servingAddress).toBe(before.servingAddress);
  });

  it('takes orders all through a rollout: no call fails, no order is lost', { timeout: 600_000 }, async () => {
    const client = createTestClient('connect', await ingressUrl());
    const admin = await logInAsAdministrator();
    const investor = await registerInvestor(client, '100000.00');
    await untilBothRun(admin);
    const stop = new AbortController();
    const trading = placeUntil(stop.signal, investor);
    await inNamespace('rollout', 'restart', 'statefulset/exchange');
    await inNamespace('rollout', 'status', 'statefulset/exchange', '--timeout=380s').finally(() => stop.abort());
    const { placed, failures } = await trading;
    console.log(JSON.stringify({ bench: 'mesh', rollout: 'exchange', placed: placed.length, failed: failures.length }));
    expect(failures).toEqual([]);
    expect(placed.length).toBeGreaterThan(0);
    for (const orderId of placed) await orderOnce(investor, orderId, 'OPEN');
    await untilBothRun(admin);
    await audit(client, await administrator());
  });
});
