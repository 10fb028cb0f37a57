import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Channel, credentials, Metadata } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExchangeFeedService, FollowRequestSchema, FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { serviceTokenKey } from '#platform/auth/claims.ts';
import { callForMany } from '#platform/rpc/call-attempt.ts';
import { pathOf } from '#platform/rpc/method-path.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { testServiceToken } from '#platform/testing/service-keys.ts';
import { pause } from '#platform/time/pause.ts';
import { acme, newOrder } from '../../testing/requests.ts';
import { connectExchange, startExchange, type TestExchange } from '../../testing/running-exchange.ts';

// Longer than a collection of garbage on a busy machine.
const rpcLimits = { keepaliveTimeMs: 1_000, keepaliveTimeoutMs: 5_000 };

let database: TestDatabase;
let running: TestExchange;

beforeEach(async () => {
  database = await createTestDatabase();
  running = await startExchange(database.url, { leaseTtlMs: 20_000, rpcLimits });
  await running.exchange.served;
  await running.market.listSymbol({ listing: acme });
});

afterEach(async () => {
  await running[Symbol.asyncDispose]();
  await database.drop();
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const feedOf = () => running.exchange.deps.replicas.get(0)?.term().feed;

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

type Seen = { bytes: number; events: number };

/** Follows from the head over a connection of its own; `eventMs` is how long the follower takes for one event. */
function follow(port: number, signal: AbortSignal, eventMs: number): Seen {
  const seen: Seen = { bytes: 0, events: 0 };
  const options = { 'grpc.use_local_subchannel_pool': 1 };
  const channel = new Channel(`127.0.0.1:${port}`, credentials.createInsecure(), options);
  const request = create(FollowRequestSchema, { shard: 0, afterSequence: BigInt(feedOf()?.head ?? 0) });
  void (async () => {
    const metadata = new Metadata();
    metadata.set(serviceTokenKey, await testServiceToken('market')());
    const path = pathOf(ExchangeFeedService.method.follow);
    const attempt = { channel, path, metadata, deadlineTimeMs: Number.POSITIVE_INFINITY, signal };
    for await (const bytes of callForMany(attempt, Buffer.from(toBinary(FollowRequestSchema, request)))) {
      if (eventMs > 0) {
        const { events } = fromBinary(FollowResponseSchema, bytes);
        await pause(events.length * eventMs, signal);
        signal.throwIfAborted();
        seen.events += events.length;
      }
      // Heartbeats, which have no events, are short.
      if (bytes.length > 100) seen.bytes += bytes.length;
    }
  })()
    .catch(() => {})
    .finally(() => channel.close());
  return seen;
}

const followers = (count: number, port: number, signal: AbortSignal, eventMs = 0) =>
  Array.from({ length: count }, () => follow(port, signal, eventMs));
const untilFollowed = (count: number) => expect.poll(() => feedOf()?.followerCount).toBe(count);

describe('followers that read one event a second, and some that vanished, beside a hundred others', () => {
  it('slow down neither answers nor the others, and do not grow the memory', {
    timeout: 120_000,
  }, async () => {
    const stop = new AbortController();
    const others = followers(100, running.port, stop.signal);
    await untilFollowed(100);
    await load(20);
    const alone = await load(80);
    await using proxy = await startProxy(running.port);
    const slow = followers(60, running.port, stop.signal, 1_000);
    followers(40, proxy.port, stop.signal);
    await untilFollowed(200);
    proxy.goSilent();
    const before = others[0]?.bytes ?? 0;
    const together = await load(80);
    const expected = () => Math.max(...others.map(({ bytes }) => bytes));
    await expect.poll(() => others.every(({ bytes }) => bytes === expected()), { timeout: 20_000 }).toBe(true);
    // The memory that unread messages of the hundred idle followers would take. The engine's own memory grows by some dozens of mebibytes
    // at a time, whatever the followers do.
    const unreadBytes = 100 * (expected() - before);
    expect(unreadBytes).toBeGreaterThan(250 * 1024 * 1024);
    expect(slow.every(({ events }) => events < 120)).toBe(true);
    expect(together.medianMs).toBeLessThan(alone.medianMs * 5 + 100);
    expect(together.grownBytes).toBeLessThan(alone.grownBytes + unreadBytes / 2);
    stop.abort();
    await untilFollowed(0);
  });
});

/** Forwards bytes to a port until it is silenced; then it leaves the connections open and does nothing. */
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

describe('a follower whose machine has failed', () => {
  it('is disconnected, although its connection never ends', { timeout: 30_000 }, async () => {
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
