import { plainArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';

/** Marks locked rules that run once as begun. Those that place one order are done with that; a slice is still to be worked. */
export async function markBegun(tx: Sql, ruleIds: string[]): Promise<void> {
  await tx.query(
    `UPDATE rule SET has_begun = true, state = CASE WHEN slice_terms IS NULL THEN 'done' ELSE state END
     WHERE rule_id = ANY ($1::uuid[])`,
    [plainArray(ruleIds)],
  );
}
