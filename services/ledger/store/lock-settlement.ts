import { plainArray, textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { cashAsset } from '../domain/asset.ts';
import { type Balance, type BalanceKey, BalanceSheet } from '../domain/balance-sheet.ts';
import { type HoldRecord, orderIdOf } from '../domain/hold-record.ts';
import { type HoldRow, holdColumns, toHoldRecord } from './hold-row.ts';
import { addMissingBalances } from './lock-balances.ts';

/** What a run of events touches. */
export type SettlementKeys = {
  /** Balances that trades change; those that do not exist are created. */
  balances: ReadonlyMap<string, BalanceKey>;
  /** All orders of the events. */
  orderIds: readonly string[];
  /** Orders that do not trade in them: of these only what they hold is locked. */
  untradedIds: readonly string[];
};

/**
 * Locks balances, in their one order, and then holds, by their ids, and reads both, by one statement. An order id that is stored while it
 * runs is not among the records.
 */
export async function lockSettlement(
  tx: Sql,
  { balances, orderIds, untradedIds }: SettlementKeys,
): Promise<{ sheet: BalanceSheet; records: Map<string, HoldRecord> }> {
  const { rows } = await tx.query<Row>(statement, [
    plainArray([...balances.values()].map(({ accountId }) => accountId)),
    textArray([...balances.values()].map(({ asset }) => asset)),
    plainArray(orderIds),
    plainArray(untradedIds),
    cashAsset,
  ]);
  const locked: Balance[] = [];
  const records = new Map<string, HoldRecord>();
  for (const row of rows) {
    if (isHold(row)) {
      const record = toHoldRecord(row);
      records.set(orderIdOf(record), record);
    } else locked.push({ accountId: row.account_id, asset: row.symbol, available: row.lots, held: row.price_ticks });
  }
  return { sheet: new BalanceSheet(await addMissingBalances(tx, balances, locked)), records };
}

// A balance stands in the columns of a hold: its asset as symbol, available as lots and held as price.
type BalanceRow = { order_id: null; account_id: string; symbol: string; lots: bigint; price_ticks: bigint };
type Row = HoldRow | BalanceRow;

function isHold(row: Row): row is HoldRow {
  return row.order_id !== null;
}

// As many as a hold has after its price.
const furtherColumns = holdColumns
  .split(',')
  .slice(7)
  .map(() => 'NULL')
  .join(', ');

// Owner, symbol and side of a hold never change, so they may be read before it is locked. The end of one leg of a list may free what another
// one holds, in cash or shares. The holds are locked once all balances are: their number is asked for before the first of them.
const statement = `
  WITH wanted AS (
    SELECT account_id, asset FROM unnest($1::uuid[], $2::text[]) AS key (account_id, asset)
    UNION
    SELECT account_id,
      unnest(CASE WHEN list_id IS NOT NULL THEN ARRAY[$5, symbol] WHEN side = 'buy' THEN ARRAY[$5] ELSE ARRAY[symbol] END)
    FROM hold
    WHERE order_id = ANY($4::uuid[]) AND account_id IS NOT NULL
  ), locked_balance AS MATERIALIZED (
    SELECT balance.account_id, balance.asset, available, held
    FROM wanted JOIN balance ON balance.account_id = wanted.account_id AND balance.asset = wanted.asset
    ORDER BY balance.account_id, balance.asset
    FOR UPDATE OF balance
  ), locked_hold AS MATERIALIZED (
    SELECT ${holdColumns} FROM hold
    WHERE order_id = ANY($3::uuid[]) AND (SELECT count(*) FROM locked_balance) >= 0
    ORDER BY order_id
    FOR UPDATE
  )
  SELECT ${holdColumns} FROM locked_hold
  UNION ALL
  SELECT NULL, NULL, account_id, asset, NULL, available, held, ${furtherColumns}
  FROM locked_balance`;
