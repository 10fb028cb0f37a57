import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { hasRabbitmq } from '#platform/testing/rabbitmq.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { pause } from '#platform/time/pause.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, placeOrder, registerInvestor } from '../support/investor.ts';
import { audit, liveInvestorsDay } from '../support/investors-day.ts';
import { logInAdmin, openBook } from '../support/market.ts';
import { quietHouse } from '../support/shared-system.ts';
import type { TestClient } from '../support/test-client.ts';

const patience = { timeoutMs: 120_000 };
const orderCount = 60;
const loadMs = 8_000;
// How long the broker is frozen under load, in ms. With BROKER_FROZEN_MS=600000 it is away for ten minutes.
const frozenMs = Number(process.env.BROKER_FROZEN_MS ?? 2 * loadMs);
const investorCount = frozenMs > 60_000 ? 64 : 8;
// An account may have 200 open orders.
const pauseMs = Math.max(200, Math.ceil((loadMs + frozenMs) / 190));

describe('a system on RabbitMQ', () => {
  let system: RunningSystem;
  let client: TestClient;
  beforeAll(async () => {
    if (!hasRabbitmq()) return;
    system = await startSystem({ flags: ['--rabbitmq', '--replicas', 'order=2,notification=2'], env: quietHouse });
    client = createTestClient('connect', system.gatewayUrl);
  }, 240_000);
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]();
  }, 90_000);
  const brokerOf = () => system.run().rabbitmq?.processes[0]?.pid ?? 0;
  /** Kills the broker; resolves to what waits until it was started again, on the same disk. */
  const killBroker = () => {
    const pid = brokerOf();
    process.kill(pid, 'SIGKILL');
    return () => eventually(async () => expect(brokerOf()).not.toBe(pid), patience);
  };
  const check = (sentence: string, run: () => Promise<void>) =>
    it(sentence, { timeout: 300_000 + 2 * frozenMs }, async (context) => {
      requireOrSkip(context, hasRabbitmq(), 'RabbitMQ is not installed');
      await run();
    });

  check("lives an investor's day, with the broker killed at its beginning", async () => {
    const untilRestarted = killBroker();
    await untilRestarted();
    await liveInvestorsDay(client, system.admin, 'ACME');
  });

  check('takes orders while the broker is away, and tells each fact once when it is back', async () => {
    const admin = await logInAdmin(client, system);
    const symbol = await openBook(admin);
    const investor = await registerInvestor(client);
    const place = () => placeOrder(investor, limitTerms('BUY', symbol, '1', '90.00'));
    for (let count = 0; count < orderCount / 3; count += 1) await place();
    const untilRestarted = killBroker();
    for (let count = 0; count < orderCount / 3; count += 1) await place();
    await untilRestarted();
    // Once more, as soon as it is back: what was confirmed meanwhile is on its disk.
    const untilBack = killBroker();
    for (let count = 0; count < orderCount / 3; count += 1) await place();
    await untilBack();
    await eventually(async () => expect(await openedMessages(investor)).toBe(orderCount), patience);
    await investor.call('OrderService/CancelAllOrders');
    await eventually(async () => expect((await orderMessages(investor)).length).toBe(2 * orderCount), patience);
    const { deadEvents = [] } = await admin.call('DeadEventAdminService/ListDeadEvents');
    expect(deadEvents).toEqual([]);
    await audit(client, system.admin);
  });

  check('goes on answering orders while the broker is frozen, and loses none of their facts', async () => {
    const admin = await logInAdmin(client, system);
    const symbol = await openBook(admin);
    const investors: Investor[] = [];
    // One after another: each has a password to be hashed, which takes a processor for a while.
    while (investors.length < investorCount) investors.push(await useKey(client, await registerInvestor(client)));
    const before = await placeFor(investors, symbol, loadMs);
    const pid = brokerOf();
    process.kill(pid, 'SIGSTOP');
    const frozen = await placeFor(investors, symbol, frozenMs).finally(() => process.kill(pid, 'SIGCONT'));
    const [usualMs, frozenP99Ms] = [p99(before.durations), p99(frozen.durations)];
    const placed = before.durations.length + frozen.durations.length;
    console.info(
      `p99 of ${placed} orders: ${usualMs} ms before, ${frozenP99Ms} ms while the broker was frozen, and this process ${frozen.stillMsMax} ms at most`,
    );
    // An order that waits for the broker takes as long as that is frozen; a busy machine takes seconds, and stands still as a whole at times.
    expect(frozenP99Ms).toBeLessThan(Math.min(10 * usualMs + 1_000 + frozen.stillMsMax, frozenMs / 2));
    await eventually(async () => {
      const messages = await Promise.all(investors.map(openedMessages));
      expect(messages.reduce((sum, count) => sum + count, 0)).toBe(placed);
    }, patience);
    await audit(client, system.admin);
  });
});

/** The person with an API key, which lives longer than a session's token. */
async function useKey(client: TestClient, investor: Investor): Promise<Investor> {
  const request = { idempotencyKey: investor.accountId, name: 'load', scopes: ['SCOPE_READ', 'SCOPE_TRADE'] };
  const { secret } = (await investor.call('ApiKeyService/CreateApiKey', request)) as { secret: string };
  return { ...investor, token: secret, call: (rpc, body = {}) => client.call(rpc, body, secret) };
}

/** How long each order took, and the longest time in which this process was not run, which no broker can cause; in ms. */
type Placed = { durations: number[]; stillMsMax: number };

/** Lets each investor place an order every `pauseMs`. */
async function placeFor(investors: readonly Investor[], symbol: string, durationMs: number): Promise<Placed> {
  const endMs = performance.now() + durationMs;
  const still = monitorEventLoopDelay();
  still.enable();
  const durations: number[] = [];
  await Promise.all(
    investors.map(async (investor) => {
      while (performance.now() < endMs) {
        const startMs = performance.now();
        await placeOrder(investor, limitTerms('BUY', symbol, '1', '90.00'));
        durations.push(performance.now() - startMs);
        await pause(pauseMs);
      }
    }),
  );
  still.disable();
  return { durations, stillMsMax: Math.round(still.max / 1e6) };
}

function p99(durations: readonly number[]): number {
  const sorted = durations.toSorted((one, other) => one - other);
  return Math.round(sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0);
}

async function orderMessages(investor: Investor): Promise<string[]> {
  const subjects: string[] = [];
  for (let pageToken = ''; ; ) {
    const request = { pageSize: 200, pageToken };
    const page = (await investor.call('NotificationService/ListMessages', request)) as {
      messages?: { kind: string; subject: string }[];
      nextPageToken?: string;
    };
    const { messages = [] } = page;
    subjects.push(...messages.filter(({ kind }) => kind === 'MESSAGE_KIND_ORDER').map(({ subject }) => subject));
    pageToken = page.nextPageToken ?? '';
    if (pageToken === '') return subjects;
  }
}

async function openedMessages(investor: Investor): Promise<number> {
  return (await orderMessages(investor)).length;
}
