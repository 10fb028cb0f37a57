import type { Sql } from '#platform/postgres/sql.ts';
import type { TradingConditions } from '../domain/trading-conditions.ts';
import { fromTradingConditionsRow, type TradingConditionsRow } from './trading-conditions-row.ts';

/** The stored copies of these accounts, by account id. */
export async function readTradingConditions(db: Sql, accountIds: string[]): Promise<Map<string, TradingConditions>> {
  const { rows } = await db.query<TradingConditionsRow>(
    'SELECT * FROM conditions WHERE account_id = ANY ($1::uuid[])',
    [accountIds],
  );
  return new Map(rows.map((row) => [row.account_id, fromTradingConditionsRow(row)]));
}
