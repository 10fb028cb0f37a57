import { plainArray, textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { cashAsset } from '../domain/asset.ts';
import type { PlainHold } from '../domain/plain-holds.ts';

/**
 * Takes holds by one statement, which commits by itself: all those of a balance for which it has enough, where the account is active and
 * the order id is new. Returns the others, of which nothing is stored, by their `index`, in no order. Throws PostgreSQL's 23505, and then has
 * no effect, when another transaction stores one of the order ids meanwhile.
 *
 * Why it is safe, at READ COMMITTED, where a statement sees what was committed before it began:
 * - `locked` waits for the transactions that have a balance, in the one order in which all transactions lock balances. A row that was changed since the
 *   statement began is read anew once it is locked, and the UPDATE finds that newest version again: no other transaction can change
 *   it any more, and the condition and the subtraction are computed from it. What is available is never taken twice.
 * - A hold is inserted only where the UPDATE has changed its balance, with the sum over just these holds: both in one statement.
 * - An order id that was stored before the statement began is seen as known. One that is stored meanwhile is not, and meets the primary key: the
 *   insert waits for the other transaction and fails when that commits, and so does the whole statement.
 * - The state of the account is that of the beginning. A freeze that commits while the statement waits counts as the later of the
 *   two, as it does for a transaction that has read the account and not committed yet.
 */
export async function takeHolds(db: Sql, holds: readonly PlainHold[], createTime: Date): Promise<number[]> {
  const { rows } = await db.query<{ index: number }>(statement, [
    plainArray(holds.map(({ index }) => index)),
    plainArray(holds.map(({ request }) => request.orderId)),
    plainArray(holds.map(({ request }) => request.terms.accountId)),
    textArray(holds.map(({ request }) => request.terms.symbol)),
    plainArray(holds.map(({ request }) => request.terms.side)),
    plainArray(holds.map(({ request }) => request.terms.lots)),
    plainArray(holds.map(({ request }) => request.terms.priceTicks)),
    plainArray(holds.map(({ request }) => request.terms.tickLotMicros)),
    plainArray(holds.map(({ request }) => request.terms.lotMicros)),
    plainArray(holds.map(({ request }) => request.terms.makerBps)),
    plainArray(holds.map(({ request }) => request.terms.takerBps)),
    plainArray(holds.map(({ amount }) => amount)),
    createTime,
    cashAsset,
    plainArray(holds.map(({ request }) => request.terms.amountMicros ?? null)),
  ]);
  return rows.map(({ index }) => index);
}

const statement = `
  WITH item AS MATERIALIZED (
    SELECT fresh.*, CASE fresh.side WHEN 'buy' THEN $14 ELSE fresh.symbol END AS asset,
      coalesce(account.state = 'active', false) AND known.order_id IS NULL AS is_open
    FROM unnest($1::integer[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
        $10::integer[], $11::integer[], $12::bigint[], $15::bigint[])
      AS fresh (index, order_id, account_id, symbol, side, lots, price_ticks, tick_lot_micros, lot_micros, maker_bps, taker_bps, amount,
        amount_max_micros)
    LEFT JOIN account ON account.account_id = fresh.account_id
    LEFT JOIN hold AS known ON known.order_id = fresh.order_id
  ), needed AS MATERIALIZED (
    SELECT account_id, asset, sum(amount) AS amount FROM item WHERE is_open GROUP BY account_id, asset
  ), locked AS MATERIALIZED (
    SELECT balance.account_id, balance.asset, needed.amount
    FROM needed JOIN balance ON balance.account_id = needed.account_id AND balance.asset = needed.asset
    ORDER BY balance.account_id, balance.asset
    FOR UPDATE OF balance
  ), taken AS (
    UPDATE balance
    SET available = balance.available - locked.amount::bigint, held = balance.held + locked.amount::bigint
    FROM locked
    WHERE balance.account_id = locked.account_id AND balance.asset = locked.asset AND balance.available >= locked.amount
    RETURNING balance.account_id, balance.asset
  ), inserted AS (
    INSERT INTO hold (order_id, state, account_id, symbol, side, lots, price_ticks, tick_lot_micros, lot_micros, maker_bps, taker_bps,
      amount, amount_max_micros, create_time)
    SELECT order_id, 'open', account_id, symbol, side, lots, price_ticks, tick_lot_micros, lot_micros, maker_bps, taker_bps, amount,
      amount_max_micros, $13::timestamptz
    FROM item JOIN taken USING (account_id, asset)
    WHERE is_open
    ORDER BY order_id
  )
  SELECT index FROM item LEFT JOIN taken USING (account_id, asset) WHERE NOT is_open OR taken.account_id IS NULL`;
