/** Follows the ledger's feed in the one replica that holds the lease. */
import { hostname } from 'node:os';
import type { LedgerFeedService } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { followFeed } from '#platform/feed/follow-feed.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { holdLease } from '#platform/postgres/lease.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { ledgerFeed, readLedgerPosition } from '../store/ledger-position.ts';
import { applyPage, followerLease } from './apply-entries.ts';
import { decodeEntry } from './to-entry.ts';

/** What following needs. */
export type FollowLedgerOptions = {
  db: Database;
  ledger: RpcClient<typeof LedgerFeedService>;
  logger: Logger;
  metrics: Metrics;
  /** Aborts to stop following and give the lease up. */
  signal: AbortSignal;
};

/** Resolves when the signal has aborted and the last page is applied or rolled back; never rejects before. */
export async function followLedger(options: FollowLedgerOptions): Promise<void> {
  const { db, ledger, logger, metrics, signal } = options;
  const applied = metrics.gauge({
    name: 'outcry_portfolio_ledger_sequence',
    help: 'Last entry of the ledger feed that this replica applied.',
  });
  await holdLease({
    db,
    name: followerLease,
    holder: `${hostname()} ${process.pid} ${uuidV7()}`,
    logger,
    signal,
    whileHeld: (lease) =>
      followFeed({
        name: ledgerFeed,
        loadPosition: () => readLedgerPosition(db),
        open: (afterSequence, streamSignal) => ledger.follow({ afterSequence }, { signal: streamSignal }),
        apply: async ({ entries }) => {
          await applyPage(db, lease.token, entries.map(decodeEntry));
          const last = entries.at(-1);
          if (last !== undefined) applied.set(Number(last.sequence));
        },
        signal: lease.signal,
        logger,
        metrics,
      }),
  });
}
