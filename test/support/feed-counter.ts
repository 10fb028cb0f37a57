import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import type { SharedSystem } from './shared-system.ts';
import { serviceOptions } from './system-caller.ts';

/** Counts the events of each symbol since it was opened; disposing stops it. */
export type FeedCounter = AsyncDisposable & {
  /** Events of a symbol up to the head of the feed at the moment; levels of its book are left out. */
  count(symbol: string): Promise<number>;
};

/** Opens a counter of the first shard's feed. */
export async function openFeedCounter(shared: SharedSystem): Promise<FeedCounter> {
  const exchange = createRpcClient(ExchangeService, serviceOptions(shared, 'exchange', 'order'));
  const feed = createRpcClient(ExchangeFeedService, serviceOptions(shared, 'exchange', 'order'));
  const counts = new Map<string, number>();
  const progress = createNotifier();
  const closing = new AbortController();
  const { headSequence } = await exchange.getShard({});
  let position = headSequence;
  const follow = async () => {
    for await (const { events } of feed.follow({ afterSequence: headSequence }, { signal: closing.signal })) {
      for (const { symbol, sequence, event } of events) {
        position = sequence;
        if (event.case !== 'levelChanged') counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
      }
      progress.notify();
    }
  };
  const following = follow().catch((error: unknown) => {
    if (!closing.signal.aborted) throw error;
  });
  return {
    async count(symbol) {
      const head = (await exchange.getShard({})).headSequence;
      while (position < head) await Promise.race([progress.wait(closing.signal), following]);
      return counts.get(symbol) ?? 0;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await following;
      await feed[Symbol.asyncDispose]();
      await exchange[Symbol.asyncDispose]();
    },
  };
}
