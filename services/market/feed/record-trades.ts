/** The one replica that writes: holds the lease of a shard's writer, follows the feed, and keeps the tables in bounds. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { ExchangeFeedService, FollowResponse } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { followFeed } from '#platform/feed/follow-feed.ts';
import { holdLease } from '#platform/postgres/lease.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { pause } from '#platform/time/pause.ts';
import { deleteExpired } from '../store/delete-expired.ts';
import { feedName } from '../store/feed-name.ts';
import { createTradeWriter, type TradeWriter } from './trade-writer.ts';

/** What a writer works with. */
export type RunWriterOptions = {
  db: Database;
  exchange: Pick<RpcClient<typeof ExchangeService>, 'getShard'>;
  feed: Pick<RpcClient<typeof ExchangeFeedService>, 'follow' | 'getBooks'>;
  shard: number;
  /** Unique among processes. */
  holder: string;
  signal: AbortSignal;
  logger: Logger;
  metrics: Metrics;
};

const retentionEveryMs = 60_000;
// At most 20 batches of each kind a minute: deleting never takes the database from those who read.
const retentionRoundsMax = 20;
const retentionPauseMs = 100;

/** Writes while this process holds the lease, and waits for it otherwise, until the signal aborts. */
export async function runWriter(options: RunWriterOptions): Promise<void> {
  const { db, shard, holder, signal, logger } = options;
  await holdLease({
    db,
    name: `market.writer.${shard}`,
    holder,
    signal,
    logger,
    whileHeld: async (lease) => {
      const writer = createTradeWriter({ db });
      try {
        await Promise.all([follow(options, writer, lease.signal), keepRetention(options, lease.signal)]);
      } finally {
        await writer[Symbol.asyncDispose]();
      }
    },
  });
}

async function follow(options: RunWriterOptions, writer: TradeWriter, signal: AbortSignal): Promise<void> {
  const { exchange, shard, logger, metrics } = options;
  let epoch = '';
  await followFeed<FollowResponse>({
    name: `exchange/${shard} writer`,
    loadPosition: async () => {
      ({ epoch } = await exchange.getShard({ shard }, { signal }));
      return writer.begin(feedName(shard, epoch));
    },
    open: (afterSequence, streamSignal) => skipWhenUnknown(options, writer, afterSequence, streamSignal),
    apply: async (message) => {
      if (message.epoch !== epoch) throw new Error('the epoch of the feed has changed');
      await writer.take(message);
    },
    signal,
    logger,
    metrics,
  });
}

/** What the exchange does not keep any more cannot be written: the history goes on from a snapshot. */
async function* skipWhenUnknown(
  { feed, shard, logger }: RunWriterOptions,
  writer: TradeWriter,
  afterSequence: bigint,
  signal: AbortSignal,
): AsyncGenerator<FollowResponse> {
  try {
    yield* feed.follow({ shard, afterSequence }, { signal });
  } catch (error) {
    if (error instanceof OutcryError && error.reason === ErrorReason.FEED_POSITION_UNKNOWN) {
      const { sequence } = await feed.getBooks({ shard }, { signal });
      logger.error(
        { shard, afterSequence: String(afterSequence), sequence: String(sequence) },
        'the history has a gap',
      );
      await writer.skipTo(sequence);
    }
    throw error;
  }
}

async function keepRetention({ db, logger }: RunWriterOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for (let round = 0; round < retentionRoundsMax && !signal.aborted; round += 1) {
        if ((await deleteExpired(db, Date.now())) === 0) break;
        await pause(retentionPauseMs, signal);
      }
    } catch (error) {
      logger.warn({ error }, 'old rows could not be deleted; trying again later');
    }
    await pause(retentionEveryMs, signal);
  }
}
