import type { Sql } from '#platform/postgres/sql.ts';

const listSql = 'SELECT account_id, version FROM account WHERE account_id > $1 ORDER BY account_id LIMIT $2';

/** The versions of the copies of accounts past an account id, in the order of the ids, at most `limit`. */
export async function listAccountVersions(db: Sql, afterId: string, limit: number): Promise<Map<string, bigint>> {
  const { rows } = await db.query<{ account_id: string; version: bigint }>(listSql, [afterId, limit]);
  return new Map(rows.map(({ account_id, version }) => [account_id, version]));
}
