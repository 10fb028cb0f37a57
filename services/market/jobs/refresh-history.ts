/** Keeps the view's 24-hour figures and running candles in step with what the writer has written. */

import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { pause } from '#platform/time/pause.ts';
import { feedName } from '../store/feed-name.ts';
import { readHistory } from '../store/read-history.ts';
import type { MarketView } from '../view/market-view.ts';

/** What is refreshed, and how often. */
export type KeepHistoryOptions = {
  db: Database;
  view: MarketView;
  shard: number;
  logger: Logger;
  signal: AbortSignal;
  /** Default 30 s. */
  everyMs?: number;
  /** While the writer has not reached the view's snapshot yet; default 1 s. */
  behindEveryMs?: number;
};

/** Reads the history once. Returns whether it reaches the snapshot that the view was built from. */
export async function refreshHistory({ db, view, shard }: KeepHistoryOptions): Promise<boolean> {
  const head = view.head(shard);
  if (head === undefined) return false;
  const { epoch, snapshotSequence } = head;
  const symbols = view.symbolsOf(shard);
  const history = await readHistory(db, { feedName: feedName(shard, epoch), symbols, nowMs: Date.now() });
  // Built anew meanwhile: the answer is of another feed.
  if (view.head(shard)?.epoch === epoch) view.applyHistory(history);
  return history.throughSequence >= snapshotSequence;
}

/** Refreshes until the signal aborts; without the database the figures stay as they are. */
export async function keepHistory(options: KeepHistoryOptions): Promise<void> {
  const { signal, logger, everyMs = 30_000, behindEveryMs = 1_000 } = options;
  while (!signal.aborted) {
    const isComplete = await refreshHistory(options).catch((error: unknown) => {
      logger.warn({ error }, 'the history could not be read; the 24-hour figures are older');
      return true;
    });
    await pause(isComplete ? everyMs : behindEveryMs, signal);
  }
}
