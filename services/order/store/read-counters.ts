import type { Sql } from '#platform/postgres/sql.ts';

/** What an account has open, read without its lock: to show, not to decide by. */
export async function readCounters(
  db: Sql,
  accountId: string,
): Promise<{ openCount: number; openNotionalCents: bigint }> {
  const { rows } = await db.query<{ open_count: number; open_notional_cents: bigint }>(
    'SELECT open_count, open_notional_cents FROM accounts WHERE account_id = $1',
    [accountId],
  );
  return { openCount: rows[0]?.open_count ?? 0, openNotionalCents: rows[0]?.open_notional_cents ?? 0n };
}
