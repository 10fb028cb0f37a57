import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, type OrderJson, registerInvestor } from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';
import type { TestClient } from '../support/test-client.ts';
import { eventually } from '../support/wait.ts';

const victims = ['exchange', 'order', 'ledger', 'market', 'portfolio', 'user', 'notification', 'auto', 'gateway'];
const finalStatuses = ['FILLED', 'CANCELLED', 'REJECTED'].map((status) => `ORDER_STATUS_${status}`);
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
  test.each(victims)(
    '%s: no order is lost or doubled, and the audit is clean',
    { timeout: 120_000, retry: 0 },
    async (victim) => {
      const stop = new AbortController();
      const flows = traders.map((trader, index) => trade(trader, index, stop.signal));
      await pause(1_000);
      await kill(victim);
      await pause(3_000);
      stop.abort();
      const sent = (await Promise.all(flows)).flat();
      await untilServing();
      expect(sent.length).toBeGreaterThan(traders.length);
      for (const one of sent) await expectOneOutcome(one);
      await settle();
      await audit(client, system.admin);
    },
  );
});

type Sent = {
  trader: Investor;
  clientOrderId: string;
  request: ReturnType<typeof limitTerms>;
  orderId: string | undefined;
};

// Prices cross often, so that most orders trade at once or soon.
async function trade(trader: Investor, index: number, signal: AbortSignal): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let round = 0; !signal.aborted; round++) {
    const side = (round + index) % 2 === 0 ? 'BUY' : 'SELL';
    const request = limitTerms(side, symbol, '2', `${99 + (round % 3)}.00`);
    const one: Sent = { trader, clientOrderId: randomUUID(), request, orderId: undefined };
    sent.push(one);
    try {
      const { order } = await place(one);
      one.orderId = (order as OrderJson).orderId;
    } catch {
      // Its outcome is unknown; the key tells it later.
      await pause(50);
    }
  }
  return sent;
}

function place({ trader, clientOrderId, request }: Sent) {
  return trader.call('OrderService/PlaceOrder', { clientOrderId, terms: request }) as Promise<{ order: unknown }>;
}

// Sending the key again must answer the order that was acknowledged, or give one that was not its one outcome.
async function expectOneOutcome(one: Sent): Promise<void> {
  const orderId = await eventually('the key has an outcome', async () => {
    try {
      return ((await place(one)).order as OrderJson).orderId;
    } catch (error) {
      const { code } = await refusalOf(Promise.reject(error));
      return code === 'failed_precondition' ? 'refused' : undefined;
    }
  });
  if (one.orderId !== undefined) expect(orderId).toBe(one.orderId);
}

async function settle(): Promise<void> {
  for (const trader of traders)
    await eventually('all is cancelled', async () => {
      await trader.call('OrderService/CancelAllOrders');
      const { orders = [] } = (await trader.call('OrderService/ListOrders', { openOnly: true })) as {
        orders?: OrderJson[];
      };
      return orders.every(({ status }) => finalStatuses.includes(status)) ? true : undefined;
    });
}

async function kill(name: string): Promise<void> {
  const victim = system.run().processes.find((process) => process.name === name);
  if (victim === undefined) throw new Error(`${name} does not run`);
  process.kill(victim.pid, 'SIGKILL');
  await eventually(`${name} was started again`, async () => {
    const now = system.run().processes.find((process) => process.name === name);
    return now !== undefined && now.pid !== victim.pid ? true : undefined;
  });
}

async function untilServing(): Promise<void> {
  await eventually(
    'every process is ready',
    async () => {
      const answers = await Promise.all(
        system.run().processes.map(({ adminPort }) => fetch(`http://127.0.0.1:${adminPort}/readyz`)),
      );
      return answers.every(({ ok }) => ok) ? true : undefined;
    },
    60_000,
  );
}
