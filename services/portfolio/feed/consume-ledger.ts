/** Applies the ledger's feed to the holdings, and apart from them to the lots, each in the one replica that holds the consumer's lease. */
import type { LedgerEntry, LedgerFeedService } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { type ConsumeFeedOptions, consumeFeed, type FeedPage, type GroupOptions } from '#platform/feed/consume-feed.ts';
import type { FollowedPosition } from '#platform/feed/history.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { ledgerFeed, lotsFeed } from '../store/ledger-position.ts';
import { updateHoldings } from './update-holdings.ts';
import { updateLots } from './update-lots.ts';

type LedgerFeed = Pick<RpcClient<typeof LedgerFeedService>, 'follow'>;

/** What the consumer works with. */
export type ConsumeLedgerOptions = Pick<
  ConsumeFeedOptions<LedgerEntry, void>,
  'db' | 'holder' | 'logger' | 'metrics' | 'signal'
> & { ledger: LedgerFeed };

/** What is derived from the feed, with a position of its own in it. */
type Derived = Pick<ConsumeFeedOptions<LedgerEntry, void>, 'feed' | 'apply' | 'group' | 'entriesMax'>;

const entryGroups: Pick<GroupOptions<LedgerEntry>, 'isEffective' | 'idleDelayMs'> = {
  isEffective: () => true,
  idleDelayMs: 5_000,
};

/** Cash, positions and gains. Entries wait 100 ms for others, so that a holding that each of them touches is written once. */
export const holdingsConsumer: Derived = {
  feed: ledgerFeed,
  apply: updateHoldings,
  group: { ...entryGroups, delayMs: 100, entriesMax: 500 },
};

// Of a position up to a hundred lots are read, so the more entries are applied at once, the less each of them costs.
const lotEntriesMax = 2_000;

/** Lots. No stream waits for them, so their entries wait a second for others. */
export const lotsConsumer: Derived = {
  feed: lotsFeed,
  apply: updateLots,
  group: { ...entryGroups, delayMs: 1_000, entriesMax: lotEntriesMax },
  entriesMax: lotEntriesMax,
};

/**
 * Consumes the feed for one of the two until the signal aborts. An entry that cannot be applied, or a lost history, halts it, and not the
 * other. Never rejects.
 */
export function consumeLedger({ ledger, ...common }: ConsumeLedgerOptions, derived: Derived): Promise<void> {
  return consumeFeed<LedgerEntry, void>({
    ...common,
    ...derived,
    open: (position, signal) => readPages(ledger, position, signal),
  });
}

async function* readPages(
  ledger: LedgerFeed,
  position: FollowedPosition,
  signal: AbortSignal,
): AsyncGenerator<FeedPage<LedgerEntry>> {
  const request = { ...position, readsAdjustments: true };
  for await (const { entries, headSequence, epoch, fingerprint } of ledger.follow(request, { signal })) {
    yield { entries, epoch, headSequence, fingerprint };
  }
}
