import { plainArray, textArray } from '#platform/postgres/columns.ts';
import { failureCode } from '#platform/postgres/failures.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { AdmissionLimits } from '../domain/admission.ts';
import type { Order } from '../domain/order.ts';
import { toPositionLimitColumn } from './position-limit-column.ts';
import { toSpecialTermsColumn, toTimeInForceColumn } from './special-terms-column.ts';

/** An order in state intent, its value, and the limits of its account. */
export type NewIntent = { order: Order; notionalMicros: bigint; limits: AdmissionLimits };

/** The change sequence of each account before its first new order, by account id; accounts whose orders were not stored are missing. */
export type InsertedIntents = Map<string, bigint>;

// All orders of an account are admitted together or left to the transaction that decides them one by one: those of an account without a row,
// over a limit, or with a key that is taken. The rows of the accounts are locked in id order before anything is decided, and their newest
// versions are what counts. Keys are read as of the start of the statement; one that was taken while it waited for a lock violates
// the unique key, and then nothing of the statement is stored.
const insertSql = `
  WITH item AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::text[],
      $10::boolean[], $11::boolean[], $12::boolean[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[],
      $18::int[], $19::int[], $20::bigint[], $21::bigint[], $22::bigint[], $23::int[], $24::bigint[], $25::int[], $26::jsonb[])
      WITH ORDINALITY AS item (order_id, account_id, client_order_id, fingerprint, symbol, shard, side, type, time_in_force,
        post_only, by_amount, house, quantity_lots, price_ticks, tick_micros, lot_micros, tick_lot_micros,
        maker_bps, taker_bps, position_max_micros, create_ms, notional_micros, open_max, notional_max_micros, rate_max,
        special_terms, place)
  ), demand AS MATERIALIZED (
    SELECT account_id, count(*)::int AS orders, sum(notional_micros) AS notional_micros, min(open_max) AS open_max,
      min(notional_max_micros) AS notional_max_micros, min(rate_max) AS rate_max,
      floor(extract(epoch FROM clock_timestamp()))::bigint AS now_second
    FROM item GROUP BY account_id
  ), taken AS MATERIALIZED (
    SELECT item.account_id FROM item JOIN orders AS o
      ON o.account_id = item.account_id AND o.client_order_id = item.client_order_id COLLATE "C"
  ), locked AS MATERIALIZED (
    SELECT d.*, a.open_count, a.open_notional_micros,
      CASE WHEN a.rate_second = d.now_second THEN a.rate_count ELSE 0 END AS rate_count
    FROM accounts AS a JOIN demand AS d ON d.account_id = a.account_id
    ORDER BY a.account_id FOR UPDATE OF a
  ), fitting AS MATERIALIZED (
    SELECT * FROM locked AS l
    WHERE open_count + orders <= open_max AND rate_count + orders <= rate_max
      AND (notional_max_micros IS NULL OR open_notional_micros + notional_micros <= notional_max_micros)
      AND l.account_id NOT IN (SELECT account_id FROM taken)
  ), moved AS (
    UPDATE accounts AS a SET change_sequence = a.change_sequence + f.orders, open_count = a.open_count + f.orders,
      open_notional_micros = a.open_notional_micros + f.notional_micros::bigint, rate_second = f.now_second,
      rate_count = f.rate_count + f.orders
    FROM fitting AS f WHERE a.account_id = f.account_id
    RETURNING a.account_id, a.change_sequence - f.orders AS before_sequence
  ), added AS (
    INSERT INTO orders (order_id, account_id, client_order_id, fingerprint, state, version, change_sequence, symbol, shard,
      side, type, time_in_force, post_only, by_amount, house, quantity_lots, price_ticks, tick_micros, lot_micros,
      tick_lot_micros, maker_bps, taker_bps, position_max_micros, filled_lots, maker_value_micros, taker_value_micros, fee_micros,
      cancel_requested, compensated, create_time, update_time, special_terms)
    SELECT order_id, item.account_id, client_order_id, fingerprint, 'intent', 1,
      m.before_sequence + row_number() OVER (PARTITION BY item.account_id ORDER BY place), symbol, shard,
      side, type, time_in_force, post_only, by_amount, house, quantity_lots, price_ticks, tick_micros, lot_micros,
      tick_lot_micros, maker_bps, taker_bps, position_max_micros, 0, 0, 0, 0,
      false, false, to_timestamp(create_ms / 1000.0), to_timestamp(create_ms / 1000.0), special_terms
    FROM item JOIN moved AS m ON m.account_id = item.account_id
  )
  SELECT account_id, before_sequence FROM moved`;

/** SQLSTATE of a key that exists. */
const uniqueViolation = '23505';

/**
 * Stores, by one statement, the intents of every account whose orders are all within its limits and new. Intents of one account must have
 * different keys. Returns nothing at all when a key was taken meanwhile.
 */
export async function insertIntents(db: Sql, intents: readonly NewIntent[]): Promise<InsertedIntents> {
  try {
    const { rows } = await db.query<{ account_id: string; before_sequence: bigint }>(insertSql, valuesOf(intents));
    return new Map(rows.map((row) => [row.account_id, row.before_sequence]));
  } catch (error) {
    if (failureCode(error) === uniqueViolation) return new Map();
    throw error;
  }
}

function valuesOf(intents: readonly NewIntent[]): string[] {
  const plain = (read: (order: Order) => bigint | number | boolean | string) =>
    plainArray(intents.map(({ order }) => read(order)));
  const limit = (read: (limits: AdmissionLimits) => bigint | number | undefined) =>
    plainArray(intents.map(({ limits }) => read(limits) ?? null));
  return [
    plain(({ orderId }) => orderId),
    plain(({ accountId }) => accountId),
    textArray(intents.map(({ order }) => order.clientOrderId)),
    textArray(intents.map(({ order }) => order.fingerprint)),
    plain(({ symbol }) => symbol),
    plain(({ shard }) => shard),
    plain(({ side }) => side),
    plain(({ type }) => type),
    plain(toTimeInForceColumn),
    plain(({ postOnly }) => postOnly),
    plain(({ byAmount }) => byAmount),
    plain(({ house }) => house),
    plain(({ quantityLots }) => quantityLots),
    plain(({ priceTicks }) => priceTicks),
    plain(({ tickMicros }) => tickMicros),
    plain(({ lotMicros }) => lotMicros),
    plain(({ tickLotMicros }) => tickLotMicros),
    plain(({ makerBps }) => makerBps),
    plain(({ takerBps }) => takerBps),
    plain(({ positionMaxMicros }) => toPositionLimitColumn(positionMaxMicros)),
    plain(({ createTimeMs }) => createTimeMs),
    plainArray(intents.map(({ notionalMicros }) => notionalMicros)),
    limit(({ openOrdersMax }) => openOrdersMax),
    limit(({ openNotionalMaxMicros }) => openNotionalMaxMicros),
    limit(({ ordersPerSecondMax }) => ordersPerSecondMax),
    textArray(intents.map(({ order: { specials } }) => specialsText(specials))),
  ];
}

function specialsText(specials: Order['specials']): string | null {
  return specials === undefined ? null : JSON.stringify(toSpecialTermsColumn(specials));
}
