import type { Sql } from '#platform/postgres/sql.ts';
import type { Replace } from '../../domain/replace.ts';
import { fromReplaceRow, type ReplaceRow, replaceColumns } from './replace-row.ts';

const claimSql = `
  UPDATE replaces AS r SET sweep_time = clock_timestamp()
  FROM (
    SELECT replace_id AS due_id FROM replaces
    WHERE state = 'pending' AND sweep_time < clock_timestamp() - $1 * interval '1 ms'
    ORDER BY sweep_time LIMIT $2 FOR UPDATE SKIP LOCKED
  ) AS due
  WHERE r.replace_id = due.due_id
  RETURNING ${replaceColumns}`;

/** Claims changes without an outcome that no replica has claimed for `ageMs`, the longest ago first. */
export async function claimReplaces(db: Sql, ageMs: number, replacesMax: number): Promise<Replace[]> {
  const { rows } = await db.query<ReplaceRow>(claimSql, [ageMs, replacesMax]);
  return rows.map(fromReplaceRow);
}
