import type { Sql } from '#platform/postgres/sql.ts';
import type { AccountCounters } from '../domain/admission.ts';
import type { StoredFill } from '../domain/fill.ts';
import type { Order } from '../domain/order.ts';
import { toFillRow } from './fill-row.ts';
import type { Notice } from './notices.ts';
import { toJson, toOrderRow } from './order-row.ts';

/** The changes that one transaction writes. It must have locked the accounts. */
export type Changes = {
  accounts: Iterable<[string, AccountCounters]>;
  added?: Order[];
  changed?: Order[];
  fills?: StoredFill[];
  notices: Notice[];
};

const saveSql = `
  WITH account AS (
    UPDATE accounts AS a SET change_sequence = n.change_sequence, open_count = n.open_count,
      open_notional_cents = n.open_notional_cents, rate_second = n.rate_second, rate_count = n.rate_count
    FROM json_populate_recordset(NULL::accounts, $1) AS n WHERE a.account_id = n.account_id
  ), added AS (
    INSERT INTO orders (order_id, account_id, client_order_id, fingerprint, state, version, change_sequence, symbol, shard,
      side, type, time_in_force, post_only, by_amount, house, quantity_lots, price_ticks, tick_micros, lot_micros,
      tick_lot_cents, maker_bps, taker_bps, position_max_micros, filled_lots, maker_value_cents, taker_value_cents, fee_cents,
      cancel_requested, refusal_reason, refusal_metadata, compensated, create_time, update_time)
    SELECT order_id, account_id, client_order_id, fingerprint, state, version, change_sequence, symbol, shard,
      side, type, time_in_force, post_only, by_amount, house, quantity_lots, price_ticks, tick_micros, lot_micros,
      tick_lot_cents, maker_bps, taker_bps, position_max_micros, filled_lots, maker_value_cents, taker_value_cents, fee_cents,
      cancel_requested, refusal_reason, refusal_metadata, compensated, create_time, update_time
    FROM json_populate_recordset(NULL::orders, $2)
  ), changed AS (
    UPDATE orders AS o SET state = n.state, version = n.version, change_sequence = n.change_sequence,
      quantity_lots = n.quantity_lots, price_ticks = n.price_ticks, filled_lots = n.filled_lots,
      maker_value_cents = n.maker_value_cents, taker_value_cents = n.taker_value_cents, fee_cents = n.fee_cents,
      cancel_requested = n.cancel_requested, refusal_reason = n.refusal_reason, refusal_metadata = n.refusal_metadata,
      compensated = n.compensated, accepted_position = n.accepted_position, final_position = n.final_position, update_time = n.update_time
    FROM json_populate_recordset(NULL::orders, $3) AS n WHERE o.order_id = n.order_id
  ), filled AS (
    INSERT INTO fills SELECT * FROM json_populate_recordset(NULL::fills, $4)
  )
  SELECT count(pg_notify(channel, payload)) FROM unnest($5::text[], $6::text[]) AS notice (channel, payload)`;

/** Writes orders, fills and counters in one statement, and notifies every replica at the commit. */
export async function saveChanges(tx: Sql, changes: Changes): Promise<void> {
  const { added = [], changed = [], fills = [], notices } = changes;
  const accounts = [...changes.accounts].map(([accountId, counters]) => toAccountRow(accountId, counters));
  const values = [
    toJson(accounts),
    toJson(added.map(toOrderRow)),
    toJson(changed.map(toOrderRow)),
    toJson(fills.map(toFillRow)),
    notices.map(({ channel }) => channel),
    notices.map(({ payload }) => payload),
  ];
  await tx.query(saveSql, values);
}

function toAccountRow(accountId: string, counters: AccountCounters) {
  return {
    account_id: accountId,
    change_sequence: counters.changeSequence,
    open_count: counters.openCount,
    open_notional_cents: counters.openNotionalCents,
    rate_second: counters.rateSecond,
    rate_count: counters.rateCount,
  };
}
