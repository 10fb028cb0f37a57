import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { consumeFeed } from '#platform/feed/consume-feed.ts';
import { readFeedState } from '#platform/feed/feed-state.ts';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { acme, newOrder } from '../../testing/requests.ts';
import { startExchange, type TestExchange } from '../../testing/running-exchange.ts';

const feed = 'exchange.0';
let journal: OpenTestDatabase;
let own: OpenTestDatabase;
let exchange: TestExchange;
let follower: ReturnType<typeof startFollower>;

beforeEach(async () => {
  [journal, own] = [await openTestDatabase(), await openTestDatabase()];
  await migratePlatform(own);
  await own.query('CREATE TABLE applied (sequence bigint PRIMARY KEY, time_ms bigint)');
  exchange = await startServing();
  await exchange.market.listSymbol({ listing: acme });
  follower = startFollower();
});
afterEach(async () => {
  await follower[Symbol.asyncDispose]();
  await exchange[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
  await journal[Symbol.asyncDispose]();
});

async function startServing(): Promise<TestExchange> {
  const started = await startExchange(journal.url);
  await started.exchange.served;
  return started;
}

/** A consumer as those that book money, of whichever exchange runs. */
function startFollower() {
  const stop = new AbortController();
  const running = consumeFeed<FeedEvent, void>({
    ...{ db: own, feed, holder: 'test', leaseTtlMs: 500, logger: silentLogger, metrics: createMetrics('test') },
    async *open(position, signal) {
      const stream = exchange.feed.follow({ shard: 0, ...position }, { signal });
      for await (const { events, ...page } of stream) yield { entries: events, ...page };
    },
    apply: async (tx, events) => {
      for (const { sequence, timeMs } of events) {
        await tx.query('INSERT INTO applied VALUES ($1, $2)', [sequence, timeMs]);
      }
    },
    signal: stop.signal,
  });
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

const state = () => readFeedState(own, feed);
const appliedCount = async () => (await own.query('SELECT FROM applied')).rowCount;

/** Submits one order, and resolves to the sequence of its last event. */
async function submit(): Promise<bigint> {
  return eventually(async () => {
    const { results } = await exchange.order.submit({ orders: [newOrder('buy')] }, { timeoutMs: 2_000 });
    return results[0]?.feedSequence ?? 0n;
  });
}

async function submitUntilApplied(count: number): Promise<bigint> {
  let last = 0n;
  for (let order = 0; order < count; order += 1) last = await submit();
  await eventually(async () => expect((await state()).sequence).toBeGreaterThanOrEqual(last));
  return last;
}

async function newestGroup(): Promise<bigint> {
  const { rows } = await journal.query<{ newest: bigint }>('SELECT max(group_number) AS newest FROM journal');
  return rows[0]?.newest ?? 0n;
}

/** What an asynchronous failover or a restore does: the rows of the last moments are not there. */
const loseAfter = (group: bigint) => journal.query('DELETE FROM journal WHERE group_number > $1', [group]);

describe('a journal that has lost its tail', () => {
  it('halts a follower that has seen it, and none of the new history is applied', async () => {
    await submitUntilApplied(2);
    const stored = await newestGroup();
    const seen = await submitUntilApplied(3);
    await exchange[Symbol.asyncDispose]();
    await loseAfter(stored);
    exchange = await startServing();
    // The new history passes the follower's position before the follower hears of it.
    while ((await submit()) <= seen + 2n);
    await eventually(async () => expect((await state()).halt?.cause).toContain('entries were lost'));
    expect(await appliedCount()).toBe(Number(seen));
    expect((await state()).sequence).toBe(seen);
  });

  it('halts a follower whose position is past the head', async () => {
    await submitUntilApplied(2);
    const stored = await newestGroup();
    const seen = await submitUntilApplied(3);
    await exchange[Symbol.asyncDispose]();
    await loseAfter(stored);
    exchange = await startServing();
    await eventually(async () => expect((await state()).halt).toMatchObject({ sequence: seen }));
    expect((await state()).halt?.cause).toContain('before what the follower has seen');
  });

  it('lets a follower go on that has seen nothing of what was lost', async () => {
    const seen = await submitUntilApplied(2);
    const stored = await newestGroup();
    await follower[Symbol.asyncDispose]();
    await submit();
    await exchange[Symbol.asyncDispose]();
    await loseAfter(stored);
    exchange = await startServing();
    follower = startFollower();
    expect(await submitUntilApplied(3)).toBeGreaterThan(seen);
    expect((await state()).halt).toBeUndefined();
  });

  it('is found by a leader that goes on: it appends nothing after the hole, and its followers halt', async () => {
    await submitUntilApplied(2);
    const stored = await newestGroup();
    const seen = await submitUntilApplied(3);
    await loseAfter(stored);
    await submit();
    await eventually(async () => expect((await state()).halt?.cause).toContain('entries were lost'));
    expect((await state()).sequence).toBe(seen);
    const { rows } = await journal.query<{ group_number: bigint }>('SELECT group_number FROM journal ORDER BY 1');
    expect(rows.map(({ group_number: number }) => number)).toEqual(rows.map((_, index) => BigInt(index + 1)));
  });
});
