import type { Sql } from '#platform/postgres/sql.ts';
import type { AccountCounters } from '../domain/admission.ts';
import { type AccountRow, fromAccountRow } from './lock-accounts.ts';

/** The counters of an account that has no order yet. */
const noCounters: AccountCounters = {
  changeSequence: 0n,
  openCount: 0,
  openNotionalMicros: 0n,
  rateSecond: 0n,
  rateCount: 0,
};

/** The counters of an account and the database's second, read without the account's lock: to show, not to decide by. */
export async function readCounters(
  db: Sql,
  accountId: string,
): Promise<{ counters: AccountCounters; nowSecond: bigint }> {
  const { rows } = await db.query<AccountRow>(
    `SELECT account_id, change_sequence, open_count, open_notional_micros, rate_second, rate_count,
       floor(extract(epoch FROM clock_timestamp()))::bigint AS now_second
     FROM accounts WHERE account_id = $1`,
    [accountId],
  );
  const [row] = rows;
  return row ? { counters: fromAccountRow(row), nowSecond: row.now_second } : { counters: noCounters, nowSecond: 1n };
}
