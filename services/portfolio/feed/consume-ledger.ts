/** Applies the ledger's feed to the holdings, in the one replica that holds the consumer's lease. */
import type { LedgerEntry, LedgerFeedService } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { type ConsumeFeedOptions, consumeFeed, type FeedPage, type GroupOptions } from '#platform/feed/consume-feed.ts';
import type { FollowedPosition } from '#platform/feed/history.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { ledgerFeed } from '../store/ledger-position.ts';
import { updateHoldings } from './update-holdings.ts';

type LedgerFeed = Pick<RpcClient<typeof LedgerFeedService>, 'follow'>;

/** What the consumer works with. */
export type ConsumeLedgerOptions = Pick<
  ConsumeFeedOptions<LedgerEntry, void>,
  'db' | 'holder' | 'logger' | 'metrics' | 'signal'
> & { ledger: LedgerFeed };

/** Entries wait 100 ms for others, so that a holding that each of them touches is written once. */
const entryGroups: GroupOptions<LedgerEntry> = {
  delayMs: 100,
  entriesMax: 500,
  isEffective: () => true,
  idleDelayMs: 5_000,
};

/** Consumes the feed until the signal aborts. An entry that cannot be applied, or a lost history, halts it. Never rejects. */
export function consumeLedger({ ledger, ...common }: ConsumeLedgerOptions): Promise<void> {
  return consumeFeed<LedgerEntry, void>({
    ...common,
    feed: ledgerFeed,
    open: (position, signal) => readPages(ledger, position, signal),
    apply: updateHoldings,
    group: entryGroups,
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
