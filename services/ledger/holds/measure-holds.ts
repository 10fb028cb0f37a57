import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { shareRead } from '#platform/telemetry/share-read.ts';
import { within } from '#platform/time/within.ts';
import { readOpenHolds } from '../store/read-open-holds.ts';

const countedMax = 10_000;
const scrapeMs = 1_000;

/** Shows how many holds are open, and the age of the oldest, counted in the database at each scrape up to 10,000. `nowMs` is the market's time. */
export function measureHolds(options: { db: Database; metrics: Metrics; logger: Logger; nowMs: () => number }): void {
  const { db, metrics, logger, nowMs } = options;
  const unknown = { count: Number.NaN, oldestMs: Number.NaN };
  const read = shareRead(() =>
    within(scrapeMs, readOpenHolds(db, countedMax)).catch((error: unknown) => {
      logger.debug({ error }, 'open holds could not be counted');
      return unknown;
    }),
  );
  metrics.gauge({
    name: 'outcry_ledger_open_holds',
    help: 'Open holds, up to 10,000.',
    collect: async (gauge) => gauge.set((await read()).count),
  });
  metrics.gauge({
    name: 'outcry_ledger_open_holds_oldest_age_seconds',
    help: 'Age of the oldest open hold of those counted; 0: there is none.',
    collect: async (gauge) => gauge.set(ageOf((await read()).oldestMs)),
  });
  const ageOf = (oldestMs = nowMs()) => Math.max(0, nowMs() - oldestMs) / 1_000;
}
