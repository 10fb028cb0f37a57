/** Records trades and candles from the exchange's feed: one replica a shard, each trade once. */
import type { ExchangeFeedService, FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { consumeFeed, type GroupOptions } from '#platform/feed/consume-feed.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { candlesOf } from '../domain/candle.ts';
import { recordedFeed } from '../store/read-history.ts';
import { type StoredTrade, saveTrades } from '../store/save-trades.ts';
import { writeAuctions } from './auction-recorder.ts';

/** What recording one shard needs. */
export type RecordTradesOptions = {
  db: Database;
  feed: Pick<RpcClient<typeof ExchangeFeedService>, 'follow' | 'getBooks'>;
  shard: number;
  /** Names this process in the lease, unique among replicas. */
  holder: string;
  signal: AbortSignal;
  logger: Logger;
  metrics: Metrics;
};

const recorded = new Set<FeedEvent['event']['case']>(['traded', 'uncrossed', 'stateChanged']);

/** Trades wait 200 ms for others to be written with them. On a feed without trades the position moves every 5 s. */
export const tradeGroups: GroupOptions<FeedEvent> = {
  delayMs: 200,
  entriesMax: 2_000,
  idleDelayMs: 5_000,
  isEffective: ({ event }) => recorded.has(event.case),
};

/**
 * Records while this process holds the lease, until the signal aborts. Prices come from the view, so the record may have gaps: what the
 * exchange does not have any more is skipped, and another epoch of the exchange begins a new record.
 */
export function recordTrades({ feed, shard, signal, ...options }: RecordTradesOptions): Promise<void> {
  return consumeFeed<FeedEvent, void>({
    ...options,
    feed: recordedFeed(shard),
    signal,
    async *open(position, streamSignal) {
      const stream = feed.follow({ shard, ...position }, { signal: streamSignal });
      for await (const { events, epoch, headSequence, fingerprint, traces } of stream) {
        yield { entries: events, epoch, headSequence, fingerprint, traces };
      }
    },
    apply: writeTrades,
    group: tradeGroups,
    entriesMax: tradeGroups.entriesMax,
    onNewEpoch: 'restart',
    onGap: 'skip',
    findOldest: async (streamSignal) => (await feed.getBooks({ shard }, { signal: streamSignal })).sequence,
  });
}

/** Stores the trades among the events, adds each to its candles, and stores the auctions. */
export async function writeTrades(tx: Sql, events: readonly FeedEvent[]): Promise<void> {
  await writeAuctions(tx, events);
  const trades = events.flatMap(storedTrade);
  if (trades.length === 0) return;
  await saveTrades(tx, trades, candlesOf(trades));
}

function storedTrade({ event, symbol, sequence, timeMs }: FeedEvent): StoredTrade[] {
  if (event.case !== 'traded') return [];
  const { tradeId, priceTicks, quantityLots, taker } = event.value;
  const takerSide = taker?.side ?? Side.UNSPECIFIED;
  return [{ symbol, sequence, timeMs: Number(timeMs), tradeId, priceTicks, quantityLots, takerSide }];
}
