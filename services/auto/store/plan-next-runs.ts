import type { Sql } from '#platform/postgres/sql.ts';

/** Stores the next runs of locked rules; undefined for a schedule without further runs. */
export async function planNextRuns(
  tx: Sql,
  plans: { ruleId: string; nextTimeMs: number | undefined }[],
): Promise<void> {
  await tx.query(
    `UPDATE rule SET next_run_time = plan.next_run_time
     FROM unnest($1::uuid[], $2::timestamptz[]) AS plan (rule_id, next_run_time)
     WHERE rule.rule_id = plan.rule_id`,
    [
      plans.map(({ ruleId }) => ruleId),
      plans.map(({ nextTimeMs }) => (nextTimeMs === undefined ? null : new Date(nextTimeMs))),
    ],
  );
}
