import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { pause } from '#platform/time/pause.ts';
import { type ExchangeProcess, startProcess, untilBuilt, untilServing } from '../../testing/exchange-process.ts';
import { emptyReport, sendOrders } from '../../testing/load.ts';
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
function load() {
  const stop = new AbortController();
  const report = emptyReport();
  const options = { callers: 4, ordersPerCall: 10, timeoutMs: 20_000, signal: stop.signal };
  const done = sendOrders(clients, options, report);
  return {
    report,
    stalls: watchStalls(stop.signal),
    async stop() {
      stop.abort();
      return done;
    },
    [Symbol.dispose]: () => stop.abort(),
  };
}

/** The longest time, in ms, in which nothing ran in this process. */
function watchStalls(signal: AbortSignal): { readonly longestMs: number } {
  const stalls = { longestMs: 0 };
  const watch = async () => {
    while (!signal.aborted) {
      const startTimeMs = performance.now();
      await pause(10, signal);
      stalls.longestMs = Math.max(stalls.longestMs, performance.now() - startTimeMs - 10);
    }
  };
  void watch();
  return stalls;
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
    using running = load();
    const { acknowledged } = running.report;
    await eventually(() => expect(acknowledged.length).toBeGreaterThan(500));
    active.child.kill('SIGKILL');
    const before = acknowledged.length;
    // More than the calls that are on their way can bring.
    await eventually(() => expect(acknowledged.length).toBeGreaterThan(before + 500));
    const seen = await running.stop();
    const accepted = await acceptedOnFeed();
    expect(seen.acknowledged.filter((id) => !accepted.has(id))).toEqual([]);
  });
});

describe('a planned handover', () => {
  it('fails no call under load, and pauses shortly, there and back', { timeout: 60_000 }, async () => {
    await using admin = operator.connect(`ipv4:${active.address},${standby.address}`);
    using running = load();
    await pause(500);
    const pausesMs: number[] = [];
    for (let i = 0; i < 5; i++) {
      const [from, to] = i % 2 === 0 ? [active, standby] : [standby, active];
      const answer = await admin.handover({ shard: 0 }, { userToken: operator.token, timeoutMs: 15_000 });
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
    using running = load();
    await pause(500);
    active.child.kill('SIGTERM');
    await active.exited;
    await pause(300);
    const seen = await running.stop();
    expect(seen.failures).toEqual([]);
    expect(active.child.exitCode).toBe(0);
    // Less than a lease lasts; what stops the whole machine makes no handover longer.
    expect(seen.longestGapMs - running.stalls.longestMs).toBeLessThan(1_000);
  });
});
