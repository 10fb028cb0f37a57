import type { Sql } from '#platform/postgres/sql.ts';

/** The last change sequence that the account has drawn; 0 when it never ordered. */
export async function readChangeHead(db: Sql, accountId: string): Promise<bigint> {
  const { rows } = await db.query<{ change_sequence: bigint }>(
    'SELECT change_sequence FROM accounts WHERE account_id = $1',
    [accountId],
  );
  return rows[0]?.change_sequence ?? 0n;
}
