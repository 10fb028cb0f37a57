import type { Sql } from '#platform/postgres/database.ts';
import type { Conditions } from '../domain/trading-conditions.ts';
import { conditionsChannel } from './notices.ts';
import { toJson } from './order-row.ts';

type Row = {
  account_id: string;
  version: bigint;
  state: Conditions['state'];
  house: boolean;
  maker_bps: number;
  taker_bps: number;
  order_notional_max_cents: bigint | null;
  open_notional_max_cents: bigint | null;
  open_orders_max: number;
  orders_per_second_max: number;
  position_max_micros: bigint;
  market_orders_permitted: boolean;
};

const saveSql = `
  WITH saved AS (
    INSERT INTO conditions AS c SELECT * FROM json_populate_recordset(NULL::conditions, $1)
    ON CONFLICT (account_id) DO UPDATE SET version = excluded.version, state = excluded.state, house = excluded.house,
      maker_bps = excluded.maker_bps, taker_bps = excluded.taker_bps,
      order_notional_max_cents = excluded.order_notional_max_cents,
      open_notional_max_cents = excluded.open_notional_max_cents, open_orders_max = excluded.open_orders_max,
      orders_per_second_max = excluded.orders_per_second_max, position_max_micros = excluded.position_max_micros,
      market_orders_permitted = excluded.market_orders_permitted
    WHERE c.version < excluded.version
    RETURNING account_id
  )
  SELECT count(pg_notify($2, account_id::text)) FROM saved`;

/** Keeps copies; a copy never replaces one of the same or a higher version. Tells every replica what changed. */
export async function saveConditions(db: Sql, copies: Conditions[]): Promise<void> {
  const rows = copies
    .toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1))
    .map(
      (copy): Row => ({
        account_id: copy.accountId,
        version: copy.version,
        state: copy.state,
        house: copy.house,
        maker_bps: copy.makerBps,
        taker_bps: copy.takerBps,
        order_notional_max_cents: copy.orderNotionalMaxCents ?? null,
        open_notional_max_cents: copy.openNotionalMaxCents ?? null,
        open_orders_max: copy.openOrdersMax,
        orders_per_second_max: copy.ordersPerSecondMax,
        position_max_micros: copy.positionMaxMicros,
        market_orders_permitted: copy.marketOrdersPermitted,
      }),
    );
  await db.query(saveSql, [toJson(rows), conditionsChannel]);
}

/** The copies that are kept of these accounts, by account id. */
export async function readConditions(db: Sql, accountIds: string[]): Promise<Map<string, Conditions>> {
  const { rows } = await db.query<Row>('SELECT * FROM conditions WHERE account_id = ANY ($1::uuid[])', [accountIds]);
  return new Map(rows.map((row) => [row.account_id, fromRow(row)]));
}

function fromRow(row: Row): Conditions {
  return {
    accountId: row.account_id,
    version: row.version,
    state: row.state,
    house: row.house,
    makerBps: row.maker_bps,
    takerBps: row.taker_bps,
    orderNotionalMaxCents: row.order_notional_max_cents ?? undefined,
    openNotionalMaxCents: row.open_notional_max_cents ?? undefined,
    openOrdersMax: row.open_orders_max,
    ordersPerSecondMax: row.orders_per_second_max,
    positionMaxMicros: row.position_max_micros,
    marketOrdersPermitted: row.market_orders_permitted,
  };
}
