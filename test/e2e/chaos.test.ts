import { randomUUID } from 'node:crypto';
import { afterAll, assert, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, type OrderJson, registerInvestor } from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';
import type { TestClient } from '../support/test-client.ts';

const victims = ['exchange', 'order', 'ledger', 'market', 'portfolio', 'user', 'notification', 'auto', 'gateway'];
const finalStatuses = ['FILLED', 'CANCELLED', 'REJECTED'].map((status) => `ORDER_STATUS_${status}`);
const patience = { timeoutMs: 30_000 };
let system: RunningSystem;
let client: TestClient;
let traders: Investor[];
let symbol: string;

beforeAll(async () => {
  system = await startSystem({
    flags: ['--no-simulator'],
    env: { GATEWAY_CALLS_PER_SECOND_MAX: '5000', GATEWAY_CALLS_BURST_MAX: '10000' },
  });
  client = createTestClient('fetch', system.gatewayUrls[0] ?? '');
  const admin = await logInAdmin(client, system);
  symbol = await openBook(admin);
  traders = await Promise.all(Array.from({ length: 4 }, () => registerInvestor(client)));
  for (const trader of traders) await issueShares(admin, trader, symbol, '10000');
}, 120_000);
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
}, 90_000);

describe('kill -9 of one service while orders flow', () => {
  it.each(victims)('%s: no order is lost or doubled, and the audit is clean', { timeout: 120_000 }, async (victim) => {
    const stop = new AbortController();
    const sent: Sent[] = [];
    const flows = traders.map((trader, index) => trade(trader, index, { sent, signal: stop.signal }));
    await untilAcknowledged(sent, 40);
    await kill(victim);
    await untilServing();
    // Orders flow again for a while, through whatever the outage left behind.
    await untilAcknowledged(sent, acknowledgedIn(sent) + 80);
    stop.abort();
    await Promise.all(flows);
    for (const one of sent) await expectOneOutcome(one);
    await settle();
    await audit(client, system.admin);
  });
});

type Sent = {
  trader: Investor;
  clientOrderId: string;
  request: ReturnType<typeof limitTerms>;
  orderId: string | undefined;
};

// Prices cross often, so that most orders trade at once or soon.
async function trade(trader: Investor, index: number, flow: { sent: Sent[]; signal: AbortSignal }): Promise<void> {
  const { sent, signal } = flow;
  for (let round = 0; !signal.aborted; round++) {
    const side = (round + index) % 2 === 0 ? 'BUY' : 'SELL';
    const request = limitTerms(side, symbol, '2', `${99 + (round % 3)}.00`);
    const one: Sent = { trader, clientOrderId: randomUUID(), request, orderId: undefined };
    sent.push(one);
    try {
      const { order } = await place(one);
      one.orderId = (order as OrderJson).orderId;
    } catch {
      // Its outcome is unknown until the key is sent again.
      await pause(50);
    }
  }
}

function acknowledgedIn(sent: readonly Sent[]): number {
  return sent.filter(({ orderId }) => orderId !== undefined).length;
}

async function untilAcknowledged(sent: readonly Sent[], count: number): Promise<void> {
  await eventually(() => expect(acknowledgedIn(sent)).toBeGreaterThanOrEqual(count), patience);
}

function place({ trader, clientOrderId, request }: Sent) {
  return trader.call('OrderService/PlaceOrder', { clientOrderId, terms: request }) as Promise<{ order: unknown }>;
}

// Sent again, the key answers the order that was acknowledged; one that was not acknowledged gets its only outcome.
async function expectOneOutcome(one: Sent): Promise<void> {
  const orderId = await eventually(async () => {
    try {
      return ((await place(one)).order as OrderJson).orderId;
    } catch (error) {
      const { code } = await refusalOf(Promise.reject(error));
      expect(code).toBe('failed_precondition');
      return 'refused';
    }
  }, patience);
  if (one.orderId !== undefined) expect(orderId).toBe(one.orderId);
}

async function settle(): Promise<void> {
  for (const trader of traders)
    await eventually(async () => {
      await trader.call('OrderService/CancelAllOrders');
      const { orders = [] } = (await trader.call('OrderService/ListOrders', { openOnly: true })) as {
        orders?: OrderJson[];
      };
      expect(orders.filter(({ status }) => !finalStatuses.includes(status))).toEqual([]);
    }, patience);
}

async function kill(name: string): Promise<void> {
  const victim = system.run().processes.find((process) => process.name === name);
  if (victim === undefined) throw new Error(`${name} does not run`);
  process.kill(victim.pid, 'SIGKILL');
  await eventually(() => {
    const now = system.run().processes.find((process) => process.name === name);
    assert(now !== undefined && now.pid !== victim.pid, `${name} was not started again`);
  }, patience);
}

async function untilServing(): Promise<void> {
  await eventually(
    async () => {
      const answers = await Promise.all(
        system.run().processes.map(({ adminPort }) => fetch(`http://127.0.0.1:${adminPort}/readyz`)),
      );
      expect(answers.map(({ ok }) => ok)).not.toContain(false);
    },
    { timeoutMs: 60_000 },
  );
}
