import type { Sql } from '#platform/postgres/sql.ts';
import type { AccountCounters } from '../domain/admission.ts';

/** Locked accounts, and the second of the database's clock at which they were locked. */
export type LockedAccounts = { accounts: Map<string, AccountCounters>; nowSecond: bigint };

/** A row of table accounts, and the time at which it was read. */
export type AccountRow = {
  account_id: string;
  change_sequence: bigint;
  open_count: number;
  open_notional_micros: bigint;
  rate_second: bigint;
  rate_count: number;
  now_second: bigint;
};

const lockSql = `
  SELECT account_id, change_sequence, open_count, open_notional_micros, rate_second, rate_count,
    floor(extract(epoch FROM clock_timestamp()))::bigint AS now_second
  FROM accounts WHERE account_id = ANY ($1::uuid[]) ORDER BY account_id FOR UPDATE`;

const addSql = `
  INSERT INTO accounts (account_id) SELECT id FROM unnest($1::uuid[]) AS id ORDER BY id ON CONFLICT DO NOTHING`;

/** Locks the rows of these accounts until the transaction ends, always in id order; missing rows are inserted. */
export async function lockAccounts(tx: Sql, accountIds: Iterable<string>): Promise<LockedAccounts> {
  const ids = [...new Set(accountIds)];
  if (ids.length === 0) return { accounts: new Map(), nowSecond: 0n };
  let { rows } = await tx.query<AccountRow>(lockSql, [ids]);
  if (rows.length < ids.length) {
    await tx.query(addSql, [ids]);
    ({ rows } = await tx.query<AccountRow>(lockSql, [ids]));
  }
  return {
    accounts: new Map(rows.map((row) => [row.account_id, fromAccountRow(row)])),
    nowSecond: rows[0]?.now_second ?? 0n,
  };
}

/** The counters of a row. */
export function fromAccountRow(row: Omit<AccountRow, 'now_second'>): AccountCounters {
  return {
    changeSequence: row.change_sequence,
    openCount: row.open_count,
    openNotionalMicros: row.open_notional_micros,
    rateSecond: row.rate_second,
    rateCount: row.rate_count,
  };
}
