import type { Sql } from '#platform/postgres/sql.ts';
import type { TradingConditions } from '../domain/trading-conditions.ts';
import { conditionsChannel } from './notices.ts';
import { toJson } from './order-row.ts';
import { toTradingConditionsRow } from './trading-conditions-row.ts';

const saveSql = `
  WITH saved AS (
    INSERT INTO conditions AS c SELECT * FROM json_populate_recordset(NULL::conditions, $1)
    ON CONFLICT (account_id) DO UPDATE SET version = excluded.version, state = excluded.state, house = excluded.house,
      maker_bps = excluded.maker_bps, taker_bps = excluded.taker_bps,
      order_notional_max_micros = excluded.order_notional_max_micros,
      open_notional_max_micros = excluded.open_notional_max_micros, open_orders_max = excluded.open_orders_max,
      orders_per_second_max = excluded.orders_per_second_max, position_max_micros = excluded.position_max_micros,
      market_orders_permitted = excluded.market_orders_permitted
    WHERE c.version < excluded.version
    RETURNING account_id
  )
  SELECT count(pg_notify($2, account_id::text)) FROM saved`;

/** Stores copies, in the order of their accounts, and notifies every replica of those that are newer than the stored ones. */
export async function saveTradingConditions(db: Sql, copies: TradingConditions[]): Promise<void> {
  const rows = copies.toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1)).map(toTradingConditionsRow);
  await db.query(saveSql, [toJson(rows), conditionsChannel]);
}
