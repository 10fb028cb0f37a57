import type { Sql } from '#platform/postgres/sql.ts';

/** Makes the named dead letters due at once, with all attempts. Returns how many there were. */
export async function redriveDeadLetters(sql: Sql, deadLetterIds: string[], nowMs: number): Promise<number> {
  const { rowCount } = await sql.query(
    `UPDATE delivery SET state = 'waiting', dead_letter_id = NULL, end_time = NULL, attempts = 0, next_attempt_time = $2
     WHERE dead_letter_id = ANY ($1::uuid[])`,
    [deadLetterIds, new Date(nowMs)],
  );
  return rowCount;
}
