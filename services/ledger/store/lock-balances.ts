import type { Sql } from '#platform/postgres/sql.ts';
import { type Balance, type BalanceKey, BalanceSheet, balanceKeyText } from '../domain/balance-sheet.ts';

/** Reads balances without a lock, to show and not to decide by; those that do not exist read as zero. */
export async function readBalances(sql: Sql, keys: Iterable<BalanceKey>): Promise<BalanceSheet> {
  const { rows } = await sql.query<Balance>(selectSql, columnsOf(distinct(keys)));
  return new BalanceSheet(rows);
}

/** Locks balances until the transaction ends; those that do not exist read as zero and cannot be written. */
export async function lockBalances(tx: Sql, keys: Iterable<BalanceKey>): Promise<BalanceSheet> {
  return new BalanceSheet(await lockRows(tx, distinct(keys)));
}

/** As `lockBalances`, and creates those that do not exist, so that they can be credited. */
export async function lockOrCreateBalances(tx: Sql, keys: Iterable<BalanceKey>): Promise<BalanceSheet> {
  const wanted = distinct(keys);
  return new BalanceSheet(await addMissingBalances(tx, wanted, await lockRows(tx, wanted)));
}

/** Creates and locks the balances of `wanted`, by `balanceKeyText`, that are not among the locked ones; returns all. */
export async function addMissingBalances(
  tx: Sql,
  wanted: ReadonlyMap<string, BalanceKey>,
  locked: Balance[],
): Promise<Balance[]> {
  const missing = new Map(wanted);
  for (const balance of locked) missing.delete(balanceKeyText(balance));
  if (missing.size === 0) return locked;
  await tx.query(
    `INSERT INTO balance (account_id, asset, available, held)
     SELECT account_id, asset, 0, 0 FROM unnest($1::uuid[], $2::text[]) AS key (account_id, asset)
     ORDER BY account_id, asset
     ON CONFLICT (account_id, asset) DO NOTHING`,
    columnsOf(missing),
  );
  return [...locked, ...(await lockRows(tx, missing))];
}

async function lockRows(tx: Sql, keys: Map<string, BalanceKey>): Promise<Balance[]> {
  if (keys.size === 0) return [];
  const { rows } = await tx.query<Balance>(`${selectSql} FOR UPDATE OF balance`, columnsOf(keys));
  return rows;
}

const selectSql = `
  SELECT balance.account_id AS "accountId", balance.asset, available, held
  FROM balance JOIN unnest($1::uuid[], $2::text[]) AS key (account_id, asset) USING (account_id, asset)
  ORDER BY balance.account_id, balance.asset`;

/** The keys by `balanceKeyText`. */
export function distinct(keys: Iterable<BalanceKey>): Map<string, BalanceKey> {
  return new Map([...keys].map((key) => [balanceKeyText(key), key]));
}

function columnsOf(keys: Map<string, BalanceKey>): [string[], string[]] {
  const list = [...keys.values()];
  return [list.map(({ accountId }) => accountId), list.map(({ asset }) => asset)];
}
