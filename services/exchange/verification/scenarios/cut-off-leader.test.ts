import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CuttingProxy, startCuttingProxy } from '../../testing/cutting-proxy.ts';
import { acme, newOrder } from '../../testing/requests.ts';
import { startExchange, type TestExchange } from '../../testing/running-exchange.ts';
import { createJournalDatabase, type JournalDatabase } from '../../testing/terms.ts';

// The standby waits for its end, and a busy machine must not let it run out before that.
const leaseTtlMs = 2_000;

let journal: JournalDatabase;
let proxy: CuttingProxy;

beforeEach(async () => {
  journal = await createJournalDatabase();
  proxy = await startCuttingProxy(journal.url);
});

afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  await journal[Symbol.asyncDispose]();
});

/** Follows the feed of a process until its stream ends. */
async function followToTheEnd({ feed }: TestExchange): Promise<{ events: number; heartbeats: number }> {
  const seen = { events: 0, heartbeats: 0 };
  for await (const { events } of feed.follow({ shard: 0, afterSequence: 0n })) {
    seen.events += events.length;
    if (events.length === 0) seen.heartbeats++;
  }
  return seen;
}

describe('a leader that is cut off from its database without a reset', () => {
  it('ends its followers’ streams, and a standby goes on', { timeout: 60_000 }, async () => {
    await using leader = await startExchange(proxy.url, { leaseTtlMs });
    await leader.exchange.served;
    await leader.market.listSymbol({ listing: acme });
    await using standby = await startExchange(journal.url, { leaseTtlMs });
    await standby.exchange.built;
    const followed = followToTheEnd(leader);
    await leader.order.submit({ orders: [newOrder('buy')] });
    proxy.freeze();
    await expect.poll(() => standby.exchange.deps.replicas.get(0)?.state).toBe('serving');
    const { results } = await standby.order.submit({ orders: [newOrder('sell')] });
    expect(results).toMatchObject([{ outcome: 1, tradedLots: 10n }]);
    // Until then it has heartbeats, at the head of before.
    const { events } = await followed;
    expect(events).toBeGreaterThan(2);
    expect(leader.exchange.deps.replicas.get(0)?.holdsLease()).toBe(false);
  });
});
