import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '#platform/testing/postgres.ts';
import { createTestDatabase } from '#platform/testing/postgres.ts';
import { acme, newOrder } from './testing/requests.ts';
import type { TestExchange } from './testing/running-exchange.ts';
import { connectExchange, startExchange } from './testing/running-exchange.ts';

// Longer than a collection of garbage on a busy machine.
const rpcLimits = { keepaliveTimeMs: 1_000, keepaliveTimeoutMs: 2_000 };

let database: TestDatabase;
let running: TestExchange;

beforeEach(async () => {
  database = await createTestDatabase();
  running = await startExchange(database.url, { leaseTtlMs: 20_000, rpcLimits });
  await running.exchange.held;
  await running.market.listSymbol({ listing: acme });
});

afterEach(async () => {
  await running[Symbol.asyncDispose]();
  await database.drop();
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const feedOf = () => running.exchange.deps.holders.get(0)?.term().feed;

function memoryBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Sends orders, call after call; returns the median time of a call and by how much the memory grew. */
async function load(calls: number): Promise<{ medianMs: number; grownBytes: number }> {
  const before = memoryBytes();
  const times: number[] = [];
  for (let i = 0; i < calls; i++) {
    const orders = Array.from({ length: 200 }, (_, n) => newOrder(n % 2 === 0 ? 'buy' : 'sell'));
    const startTimeMs = performance.now();
    await running.order.submit({ orders });
    times.push(performance.now() - startTimeMs);
  }
  const medianMs = times.sort((a, b) => a - b)[calls >> 1] ?? 0;
  return { medianMs, grownBytes: memoryBytes() - before };
}

/** Follows from the head; `everyMs` is how long the follower takes for one event. Returns what it has seen so far. */
function follow(signal: AbortSignal, everyMs: number): { events: number; last: bigint } {
  const seen = { events: 0, last: 0n };
  const afterSequence = BigInt(feedOf()?.head ?? 0);
  void (async () => {
    for await (const page of running.feed.follow({ shard: 0, afterSequence }, { signal })) {
      for (const { sequence } of page.events) {
        if (everyMs > 0) await delay(everyMs, undefined, { signal });
        seen.events++;
        seen.last = sequence;
      }
    }
  })().catch(() => {});
  return seen;
}

describe('a follower that takes one event a second', () => {
  it('changes neither the answers nor the memory of the book, nor what another follower gets', {
    timeout: 60_000,
  }, async () => {
    const stop = new AbortController();
    const fast = follow(stop.signal, 0);
    await load(40);
    const alone = await load(40);
    const slow = follow(stop.signal, 1_000);
    await expect.poll(() => feedOf()?.followerCount).toBe(2);
    const together = await load(40);
    const head = BigInt(feedOf()?.head ?? 0);
    await expect.poll(() => fast.last, { timeout: 10_000 }).toBe(head);
    expect(feedOf()?.followerCount).toBe(2);
    expect(slow.events).toBeLessThan(60);
    expect(together.medianMs).toBeLessThan(alone.medianMs * 3 + 20);
    expect(together.grownBytes).toBeLessThan(alone.grownBytes + 12 * 1024 * 1024);
    stop.abort();
    await expect.poll(() => feedOf()?.followerCount).toBe(0);
  });
});

/** Passes bytes on to a port until it is told to go silent; then it keeps the connections and does nothing. */
async function startProxy(port: number) {
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) socket.on('error', () => {});
    near.pipe(far);
    far.pipe(near);
    sockets.push(near, far);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    goSilent: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('a follower whose machine is gone', () => {
  it('is let go, although its connection never ends', { timeout: 30_000 }, async () => {
    await using proxy = await startProxy(running.port);
    await using clients = connectExchange(proxy.port);
    const stream = clients.feed.follow({ shard: 0, afterSequence: 0n })[Symbol.asyncIterator]();
    await stream.next();
    expect(feedOf()?.followerCount).toBe(1);
    proxy.goSilent();
    await expect.poll(() => feedOf()?.followerCount, { timeout: 20_000 }).toBe(0);
    expect((await load(3)).medianMs).toBeLessThan(5_000);
  });
});
