import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { pause } from '#platform/time/pause.ts';
import { type ExchangeProcess, startProcess, untilBuilt, untilServing } from '../../testing/exchange-process.ts';
import { sendOrders } from '../../testing/load.ts';
import { createOperator, type Operator } from '../../testing/operator.ts';
import { acme, readFeed } from '../../testing/requests.ts';
import { connectExchange, type ExchangeClients } from '../../testing/running-exchange.ts';

let database: TestDatabase;
let operator: Operator;
let clients: ExchangeClients;
let active: ExchangeProcess;
let standby: ExchangeProcess;

beforeEach(async () => {
  database = await createTestDatabase();
  operator = await createOperator();
  const env = { USER_ADDRESS: operator.userAddress };
  active = await startProcess(database.url, { env });
  await untilBuilt(active);
  standby = await startProcess(database.url, { env });
  clients = connectExchange(active.port, standby.port);
  await untilServing(clients);
  await clients.market.listSymbol({ listing: acme });
  await untilBuilt(standby);
});

afterEach(async () => {
  // A test that fails must not leave its processes behind.
  for (const each of [active, standby]) each[Symbol.dispose]();
  await clients[Symbol.asyncDispose]();
  await operator[Symbol.asyncDispose]();
  await database.drop();
});

/** Submits until it is stopped, in small calls, so that gaps are visible. */
function load(timeoutMs: number) {
  const stop = new AbortController();
  const done = sendOrders(clients, { callers: 4, ordersPerCall: 10, timeoutMs, signal: stop.signal });
  return {
    async stop() {
      stop.abort();
      return done;
    },
    [Symbol.dispose]: () => stop.abort(),
  };
}

/** The ids that the feed says were accepted, after having checked that it has no gap. */
async function acceptedOnFeed(): Promise<Set<string>> {
  const { headSequence } = await clients.order.getShard({ shard: 0 });
  const feed = await readFeed(clients, 0n, headSequence);
  expect(feed.map(({ sequence }) => sequence)).toEqual(feed.map((_, i) => BigInt(i + 1)));
  return new Set(feed.flatMap(({ event }) => (event.case === 'accepted' ? [event.value.order?.orderId ?? ''] : [])));
}

describe('kill -9 of the process that serves a shard', () => {
  // How long it takes is what `npm run bench -- failover` measures.
  it('lets its standby accept orders soon, and loses none', { timeout: 60_000 }, async () => {
    using running = load(5_000);
    await pause(700);
    const killTimeMs = performance.now();
    active.child.kill('SIGKILL');
    await pause(5_000);
    const seen = await running.stop();
    expect(seen.lastTimeMs).toBeGreaterThan(killTimeMs);
    expect(seen.longestGapMs).toBeLessThan(5_000);
    const accepted = await acceptedOnFeed();
    expect(seen.acknowledged.length).toBeGreaterThan(500);
    expect(seen.acknowledged.filter((id) => !accepted.has(id))).toEqual([]);
  });
});

describe('a planned handover', () => {
  it('fails no call under load, and pauses shortly, there and back', { timeout: 60_000 }, async () => {
    await using admin = operator.connect(`ipv4:${active.address},${standby.address}`);
    using running = load(5_000);
    await pause(500);
    const pausesMs: number[] = [];
    for (let i = 0; i < 5; i++) {
      const [from, to] = i % 2 === 0 ? [active, standby] : [standby, active];
      const answer = await admin.handover({ shard: 0 }, { userToken: operator.token, timeoutMs: 5_000 });
      expect(answer).toMatchObject({ fromAddress: from.address, toAddress: to.address });
      pausesMs.push(Number(answer.pauseMicros) / 1_000);
      await pause(400);
    }
    const seen = await running.stop();
    expect(seen.failures).toEqual([]);
    // Other tests share the machine: one pause may fall into a time in which nothing runs here.
    expect(pausesMs.sort((a, b) => a - b)[2]).toBeLessThan(2_000);
    const accepted = await acceptedOnFeed();
    expect(seen.acknowledged.filter((id) => !accepted.has(id))).toEqual([]);
  });

  it('happens when a process is asked to end', { timeout: 60_000 }, async () => {
    using running = load(5_000);
    await pause(500);
    active.child.kill('SIGTERM');
    await active.exited;
    await pause(300);
    const seen = await running.stop();
    expect(seen.failures).toEqual([]);
    expect(active.child.exitCode).toBe(0);
    expect(seen.longestGapMs).toBeLessThan(1_000);
  });
});
