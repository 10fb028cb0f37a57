/** The exchange's feed and the market's quotes of the same trades, with behaviour that a test sets. */
import { create } from '@bufbuild/protobuf';
import { ExchangeFeedService, type FeedEvent, FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { unimplemented } from '#platform/errors/outcry-error.ts';
import { requireSameHistory } from '#platform/feed/history.ts';
import { PRICE_SCALE, parseDecimal } from '#platform/money/decimal.ts';
import { implement } from '#platform/rpc/server.ts';

/** Price step of every book, decimal and in millionths. */
export const tickSize = '0.01';
const tickMicros = 10_000n;
const pageMax = 100;

/** A feed of one shard. */
export type FakeFeed = ReturnType<typeof createFakeFeed>;

/** A feed with nothing in it. */
export function createFakeFeed() {
  const notifier = createNotifier();
  const events: FeedEvent[] = [];
  const fingerprintAt = (sequence: bigint) => `${feed.epoch}/${sequence}`;
  const feed = {
    epoch: 'one',
    events,
    /** Followers whose stream is open. */
    followers: 0,
    /** Up to where the feed was confirmed, each time that it was. */
    confirmed: [] as { follower: string; sequence: bigint }[],
    /** Whether followers get nothing, as on a slow network. */
    isHeld: false,
    /** Trades at these prices, one after the other. */
    trade(symbol: string, ...prices: string[]) {
      for (const price of prices) {
        const priceTicks = parseDecimal(price, PRICE_SCALE) / tickMicros;
        const event = { case: 'traded', value: { priceTicks, quantityLots: 1n } } as const;
        const sequence = BigInt(events.length + 1);
        events.push(create(FeedEventSchema, { sequence, timeMs: BigInt(Date.now()), symbol, event }));
      }
      notifier.notify();
    },
    release() {
      feed.isHeld = false;
      notifier.notify();
    },
    /** The history that there was is lost, and another begins. */
    loseHistory(epoch: string) {
      feed.epoch = epoch;
      events.length = 0;
      notifier.notify();
    },
    /** Sequence of the last trade of a book; 0 for none. */
    lastOf: (symbol: string) => events.findLast((event) => event.symbol === symbol)?.sequence ?? 0n,
  };
  const service = implement(ExchangeFeedService, {
    async *follow({ afterSequence, seenSequence, fingerprint }, { signal }) {
      const own = {
        epoch: feed.epoch,
        head: BigInt(events.length),
        fingerprintAt: async (at: bigint) => fingerprintAt(at),
      };
      await requireSameHistory({ afterSequence, seenSequence, fingerprint }, own);
      feed.followers += 1;
      const { epoch } = feed;
      try {
        let after = Number(afterSequence);
        while (!signal.aborted && epoch === feed.epoch) {
          const page = feed.isHeld ? [] : events.slice(after, after + pageMax);
          after += page.length;
          const headSequence = BigInt(feed.isHeld ? after : events.length);
          yield { events: page, epoch, headSequence, fingerprint: page.length > 0 ? fingerprintAt(BigInt(after)) : '' };
          if (page.length === 0) await notifier.wait(signal);
        }
      } finally {
        feed.followers -= 1;
      }
    },
    async getBooks() {
      return { sequence: BigInt(events.length), epoch: feed.epoch, books: [] };
    },
    async confirm({ follower, sequence }) {
      feed.confirmed.push({ follower, sequence });
      return {};
    },
    getOrderQueue: refuseCall,
  });
  return Object.assign(feed, { service });
}

async function refuseCall(): Promise<never> {
  throw unimplemented('not in this test');
}
