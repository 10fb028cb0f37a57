/** Judges conditions by every trade of the exchange's feed: one replica a shard, each trade once and in order. */
import type { ExchangeFeedService, FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { type ConsumeFeedOptions, consumeFeed, type GroupOptions } from '#platform/feed/consume-feed.ts';
import { readPosition, startPosition } from '#platform/feed/position.ts';
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { AutoDeps } from '../deps.ts';
import { firstReaching, type PricePoint, rangesOf } from '../domain/price-watch.ts';
import { exchangeFeed } from '../store/feed-position.ts';
import { findCandidates } from '../store/find-candidates.ts';
import { saveLastTrades } from '../store/last-trades.ts';
import { markReached } from '../store/mark-reached.ts';

/** Which shard to judge, and as which replica. */
export type JudgeTradesOptions = Pick<
  ConsumeFeedOptions<FeedEvent, number>,
  'holder' | 'leaseTtlMs' | 'logger' | 'metrics' | 'signal'
> & { exchange: Pick<RpcClient<typeof ExchangeFeedService>, 'follow' | 'getBooks'>; shard: number };

/** Trades wait 100 ms for others, so that a busy market costs ten transactions a second. Without trades the position moves every 5 s. */
const group: GroupOptions<FeedEvent> = {
  delayMs: 100,
  entriesMax: 2_000,
  isEffective: ({ event }) => event.case === 'traded',
  idleDelayMs: 5_000,
};
const candidatesMax = 1_000;
const firstId = '00000000-0000-0000-0000-000000000000';
const booksTimeoutMs = 5_000;

/**
 * Judges while this process holds the lease, until the signal aborts. What a trade has reached becomes due in the transaction that moves
 * the position, so that neither a crash nor another replica judges a trade twice or not at all. A feed that has lost its history, or does not have what comes
 * after the position any more, halts the judging. Never rejects.
 */
export async function judgeTrades(deps: AutoDeps, options: JudgeTradesOptions): Promise<void> {
  const { exchange, shard, ...consumer } = options;
  await beginAtHead(deps, options);
  await consumeFeed<FeedEvent, number>({
    ...consumer,
    db: deps.db,
    feed: exchangeFeed(shard),
    async *open(position, signal) {
      const stream = exchange.follow({ shard, ...position }, { signal });
      for await (const { events, epoch, headSequence, fingerprint, traces } of stream) {
        yield { entries: events, epoch, headSequence, fingerprint, traces };
      }
    },
    apply: (tx, events) => judge(tx, { feed: exchangeFeed(shard), events, nowMs: deps.nowMs() }),
    onCommitted: (count) => {
      if (count > 0) deps.reachedNotifier.notify();
    },
    group,
    entriesMax: group.entriesMax,
  });
}

/** Judges trades in the transaction that moves the position past them. Returns how many conditions they have reached. */
async function judge(
  tx: Sql,
  { feed, events, nowMs }: { feed: string; events: readonly FeedEvent[]; nowMs: number },
): Promise<number> {
  const trades = events.flatMap(pricePointOf);
  const ranges = rangesOf(trades);
  await saveLastTrades(
    tx,
    feed,
    ranges.map(({ last }) => last),
  );
  let count = 0;
  for (let after: string | undefined = firstId; after !== undefined; ) {
    const candidates = await findCandidates(tx, { feed, ranges, after, limit: candidatesMax });
    const reached = candidates.flatMap((candidate) => {
      const trade = firstReaching(candidate, trades);
      return trade === undefined ? [] : [{ ...trade, ruleId: candidate.ruleId }];
    });
    if (reached.length > 0) await markReached(tx, reached, nowMs);
    count += reached.length;
    after = candidates.length < candidatesMax ? undefined : candidates.at(-1)?.ruleId;
  }
  return count;
}

function pricePointOf({ event, symbol, sequence }: FeedEvent): PricePoint[] {
  return event.case === 'traded' ? [{ symbol, sequence, priceTicks: event.value.priceTicks }] : [];
}

/** No condition waits for trades before the first start with this database: they are passed over. */
async function beginAtHead({ db }: AutoDeps, { exchange, shard, signal, logger }: JudgeTradesOptions): Promise<void> {
  const begun = new AbortController();
  await runPeriodically({
    name: 'first position',
    work: async () => {
      if ((await readPosition(db, exchangeFeed(shard))) === 0n) {
        const { sequence } = await exchange.getBooks({ shard }, { signal, timeoutMs: booksTimeoutMs });
        await startPosition(db, exchangeFeed(shard), sequence);
      }
      begun.abort();
      return false;
    },
    pauseMs: 0,
    signal: AbortSignal.any([signal, begun.signal]),
    logger,
  });
}
