/** Updates the view's 24-hour figures and running candles with the recorded trades. */
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { pause } from '#platform/time/pause.ts';
import { readHistory } from '../store/read-history.ts';
import type { MarketView } from '../view/market-view.ts';

/** What is refreshed, and how often. */
export type RefreshHistoryOptions = {
  db: Database;
  view: MarketView;
  shard: number;
  /** Unix milliseconds. */
  nowMs: () => number;
  logger: Logger;
  signal: AbortSignal;
  /** Default 30 s. */
  intervalMs?: number;
  /** While the record has not reached the view's snapshot yet; default 1 s. */
  behindIntervalMs?: number;
};

/** Reads the history once. Returns whether it reaches the snapshot that the view was built from. */
export async function refreshHistory({ db, view, shard, nowMs }: RefreshHistoryOptions): Promise<boolean> {
  const head = view.head(shard);
  if (head === undefined) return false;
  const { epoch, snapshotSequence } = head;
  const history = await readHistory(db, { shard, epoch, symbols: view.symbolsOf(shard), nowMs: nowMs() });
  // The view was rebuilt meanwhile: the answer is of another epoch.
  if (view.head(shard)?.epoch === epoch) view.applyHistory(history);
  return history.throughSequence >= snapshotSequence;
}

/** Refreshes until the signal aborts; without the database the figures stay as they are. */
export async function refreshHistories(options: RefreshHistoryOptions): Promise<void> {
  const { signal, logger, intervalMs = 30_000, behindIntervalMs = 1_000 } = options;
  while (!signal.aborted) {
    const isComplete = await refreshHistory(options).catch((error: unknown) => {
      logger.warn({ error }, 'the history could not be read; the 24-hour figures are older');
      return true;
    });
    await pause(isComplete ? intervalMs : behindIntervalMs, signal);
  }
}
