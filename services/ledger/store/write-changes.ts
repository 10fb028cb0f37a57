import { plainArray, textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { BalanceSheet } from '../domain/balance-sheet.ts';
import type { Hold } from '../domain/hold.ts';

/** What a transaction has changed in memory, of rows that it has locked. */
export type Changes = {
  /** Its changed balances are written. */
  sheet: BalanceSheet;
  /** The holds whose state, terms or progress are written; default none. */
  holds?: readonly Hold[];
};

/** How many rows a statement has changed. */
export type ChangedCounts = { balances: bigint; holds: bigint };

/** The parts of a statement that write changes, with the parameters of `changeValues` from 1 to 13. */
export const changeParts = `
  changed_balance AS (
    UPDATE balance SET available = next.available, held = next.held
    FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[]) AS next (account_id, asset, available, held)
    WHERE balance.account_id = next.account_id AND balance.asset = next.asset
    RETURNING 1
  ), changed_hold AS (
    UPDATE hold SET state = next.state, lots = next.lots, price_ticks = next.price_ticks, filled_lots = next.filled_lots,
      maker_value_micros = next.maker_value_micros, taker_value_micros = next.taker_value_micros, amount = next.amount,
      revision = next.revision
    FROM unnest($5::uuid[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[],
      $13::integer[])
      AS next (order_id, state, lots, price_ticks, filled_lots, maker_value_micros, taker_value_micros, amount, revision)
    WHERE hold.order_id = next.order_id
    RETURNING 1
  )`;

/** The columns that report what `changeParts` has changed. */
export const changedCounts = `(SELECT count(*) FROM changed_balance) AS balances, (SELECT count(*) FROM changed_hold) AS holds`;

/** Writes changes by one statement. Throws for a balance or a hold that has no row. */
export async function writeChanges(tx: Sql, changes: Changes): Promise<void> {
  if (changes.sheet.changed().length === 0 && !changes.holds?.length) return;
  const { rows } = await tx.query<ChangedCounts>(`WITH ${changeParts} SELECT ${changedCounts}`, changeValues(changes));
  requireAllChanged(rows[0], changes);
}

/** The parameters 1 to 13 of `changeParts`. */
export function changeValues({ sheet, holds = [] }: Changes): unknown[] {
  const balances = sheet.changed();
  return [
    plainArray(balances.map(({ accountId }) => accountId)),
    textArray(balances.map(({ asset }) => asset)),
    plainArray(balances.map(({ available }) => available)),
    plainArray(balances.map(({ held }) => held)),
    plainArray(holds.map(({ orderId }) => orderId)),
    plainArray(holds.map(({ state }) => state)),
    plainArray(holds.map(({ terms }) => terms.lots)),
    plainArray(holds.map(({ terms }) => terms.priceTicks)),
    plainArray(holds.map(({ progress }) => progress.filledLots)),
    plainArray(holds.map(({ progress }) => progress.makerValueMicros)),
    plainArray(holds.map(({ progress }) => progress.takerValueMicros)),
    plainArray(holds.map(({ amount }) => amount)),
    plainArray(holds.map(({ revision }) => revision)),
  ];
}

/** Throws unless every change has met its row, so that the transaction is rolled back. */
export function requireAllChanged(counts: ChangedCounts | undefined, { sheet, holds = [] }: Changes): void {
  if (Number(counts?.balances) === sheet.changed().length && Number(counts?.holds) === holds.length) return;
  throw new Error('a balance or a hold was changed that was not locked');
}
