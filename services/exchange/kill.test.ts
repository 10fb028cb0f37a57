import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { toJson } from '@bufbuild/protobuf';
import { afterEach, describe, expect, it } from 'vitest';
import { CommandOutcome } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { createTestDatabase } from '#platform/testing/postgres.ts';
import { testServiceTokenSecret } from '#platform/testing/tokens.ts';
import { acme, newOrder, readFeed } from './testing/requests.ts';
import type { ExchangeClients } from './testing/running-exchange.ts';
import { connectExchange } from './testing/running-exchange.ts';

const rounds = 3;
const startTimeoutMs = 30_000;
const children = new Set<ChildProcess>();

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

function startProcess(databaseUrl: string, port: number): ChildProcess {
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    SERVICE_TOKEN_SECRET: testServiceTokenSecret,
    OUTCRY_PORT: String(port),
    OUTCRY_ADMIN_PORT: '0',
    EXCHANGE_LEASE_TTL_MS: '500',
    LOG_LEVEL: 'warn',
  };
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], { env, stdio: 'ignore' });
  children.add(child);
  return child;
}

/** Resolves when the process serves its shard. A client's retry budget is too small to wait for a process that starts slowly. */
async function untilServing(clients: ExchangeClients): Promise<void> {
  const deadlineMs = Date.now() + startTimeoutMs;
  for (;;) {
    try {
      await clients.order.getShard({ shard: 0 });
      return;
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
      await delay(100);
    }
  }
}

/** Sends orders until the signal aborts; returns the ids that were acknowledged. */
async function keepSubmitting(clients: ExchangeClients, signal: AbortSignal): Promise<string[]> {
  const acknowledged: string[] = [];
  while (!signal.aborted) {
    const orders = Array.from({ length: 20 }, (_, i) => newOrder(i % 2 === 0 ? 'buy' : 'sell'));
    try {
      const { results } = await clients.order.submit({ orders }, { signal });
      acknowledged.push(...results.filter(({ outcome }) => outcome === CommandOutcome.ACCEPTED).map(({ key }) => key));
    } catch {
      // Cut off by the kill: whether it happened is not known.
    }
  }
  return acknowledged;
}

const asText = (event: FeedEvent) => JSON.stringify(toJson(FeedEventSchema, event));

// A test that fails must not leave its process behind.
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

describe('kill -9 of the exchange', () => {
  it('loses no acknowledged order and changes no event, time after time', { timeout: 150_000 }, async () => {
    const database = await createTestDatabase();
    const port = await freePort();
    await using clients = connectExchange(port);
    const acknowledged: string[] = [];
    let seen: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const child = startProcess(database.url, port);
      await untilServing(clients);
      await clients.market.listSymbol({ listing: acme });
      const { headSequence } = await clients.order.getShard({ shard: 0 });
      const events = (await readFeed(clients, 0n, headSequence)).map(asText);
      expect(events.slice(0, seen.length)).toEqual(seen);
      seen = events;
      const stop = new AbortController();
      const submitting = Promise.all([1, 2, 3].map(() => keepSubmitting(clients, stop.signal)));
      setTimeout(() => child.kill('SIGKILL'), 400 + round * 137);
      await once(child, 'exit');
      stop.abort();
      acknowledged.push(...(await submitting).flat());
    }
    const last = startProcess(database.url, port);
    await untilServing(clients);
    const { headSequence } = await clients.order.getShard({ shard: 0 });
    const feed = await readFeed(clients, 0n, headSequence);
    expect(feed.map(({ sequence }) => sequence)).toEqual(feed.map((_, i) => BigInt(i + 1)));
    const accepted = new Set(
      feed.flatMap(({ event }) => (event.case === 'accepted' ? [event.value.order?.orderId] : [])),
    );
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.filter((id) => !accepted.has(id))).toEqual([]);
    last.kill('SIGTERM');
    const [code] = await once(last, 'exit');
    expect(code).toBe(0);
    await database.drop();
  });
});
