import type { Sql } from '#platform/postgres/sql.ts';
import type { Order } from '../domain/order.ts';
import { toJson, toOrderRow } from './order-row.ts';

const columns = `order_id, account_id, client_order_id, fingerprint, state, version, change_sequence, symbol, shard,
  side, type, time_in_force, post_only, by_amount, house, quantity_lots, price_ticks, tick_micros, lot_micros,
  tick_lot_micros, maker_bps, taker_bps, position_max_micros, filled_lots, maker_value_micros, taker_value_micros, fee_micros,
  cancel_requested, refusal_reason, refusal_metadata, compensated, create_time, update_time, special_terms,
  list_id, list_type, list_index, list_ticks`;

const insertSql = `INSERT INTO orders (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::orders, $1)`;

/** Stores new orders in any state. The transaction must have locked their accounts. */
export async function insertOrders(tx: Sql, orders: readonly Order[]): Promise<void> {
  await tx.query(insertSql, [toJson(orders.map(toOrderRow))]);
}
