/** What is kept for how long. */
import type { Database } from '#platform/postgres/sql.ts';
import { purgeRules, purgeRuns } from '../store/purge.ts';

const dayMs = 24 * 3_600_000;
const runsPerRuleMax = 1_000;
const rowsMax = 1_000;

/** Keeps the newest 1000 runs of each rule, and deleted rules for 90 days; whether there is more to remove. */
export async function purgeOnce(db: Database, nowMs: number): Promise<boolean> {
  const runs = await purgeRuns(db, { keep: runsPerRuleMax, rowsMax });
  const rules = await purgeRules(db, nowMs - 90 * dayMs, rowsMax);
  return runs >= rowsMax || rules >= rowsMax;
}
