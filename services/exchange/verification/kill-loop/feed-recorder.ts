import { crc32 } from 'node:zlib';
import { toBinary } from '@bufbuild/protobuf';
import { type FeedEvent, FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { followFeed } from '#platform/feed/follow-feed.ts';
import type { ExchangeClients } from '../../testing/running-exchange.ts';
import { silentLogger } from '../../testing/terms.ts';

/** A follower that records the checksum of each event. */
export type FeedRecorder = {
  /** Sequence of the last event received. */
  last(): bigint;
  /** Throws when the recorded feed had a gap, or when an event of `feed` differs from the recorded one. */
  assertSame(feed: readonly FeedEvent[]): void;
  stop(): Promise<void>;
};

/** Follows shard 0 from its start across failures of the processes that serve it. */
export function recordFeed(clients: ExchangeClients): FeedRecorder {
  const checksums: number[] = [];
  let fault: string | undefined;
  const stop = new AbortController();
  const following = followFeed({
    name: 'recorder',
    loadPosition: async () => BigInt(checksums.length),
    open: (afterSequence, signal) => clients.feed.follow({ shard: 0, afterSequence }, { signal }),
    apply: async ({ events }) => {
      for (const event of events) {
        checksums.push(checksumOf(event));
        if (event.sequence !== BigInt(checksums.length)) fault ??= `a gap before ${event.sequence}`;
      }
    },
    stallTimeoutMs: 5_000,
    signal: stop.signal,
    logger: silentLogger,
  });
  return {
    last: () => BigInt(checksums.length),
    assertSame(feed) {
      if (fault) throw new Error(`the feed had ${fault}`);
      for (const [i, checksum] of checksums.entries()) {
        const event = feed[i];
        if (!event || checksumOf(event) !== checksum) throw new Error(`event ${i + 1} is not what it was`);
      }
    },
    async stop() {
      stop.abort();
      await following;
    },
  };
}

function checksumOf(event: FeedEvent): number {
  return crc32(toBinary(FeedEventSchema, event));
}
