import { enqueueSql, enqueueValues, type OutboxEvent, wakeOutbox } from '#platform/bus/outbox.ts';
import { plainArray, textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { AccountCounters } from '../domain/admission.ts';
import type { StoredFill } from '../domain/fill.ts';
import type { Order } from '../domain/order.ts';
import type { Notice } from './notices.ts';

/** The changes that one transaction writes. It must have locked the accounts. */
export type Changes = {
  accounts: Iterable<[string, AccountCounters]>;
  changed?: Order[];
  fills?: StoredFill[];
  notices: Notice[];
  /** Events for the bus. */
  events?: OutboxEvent[];
  /**
   * Whether the commit need not wait for the disk: for changes by the feed. A server that loses the last moments before a crash loses the
   * position with them, and the feed brings both again; its events have the same ids then. Every commit that waits for the disk makes those
   * before it durable as well.
   */
  fromFeed?: boolean;
};

const saveSql = `
  WITH account AS (
    UPDATE accounts AS a SET change_sequence = n.change_sequence, open_count = n.open_count,
      open_notional_micros = n.open_notional_micros, rate_second = n.rate_second, rate_count = n.rate_count
    FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::bigint[], $5::bigint[], $6::int[])
      AS n (account_id, change_sequence, open_count, open_notional_micros, rate_second, rate_count)
    WHERE a.account_id = n.account_id
  ), changed AS (
    UPDATE orders AS o SET state = n.state, version = n.version, change_sequence = n.change_sequence,
      quantity_lots = n.quantity_lots, price_ticks = n.price_ticks, filled_lots = n.filled_lots,
      maker_value_micros = n.maker_value_micros, taker_value_micros = n.taker_value_micros, fee_micros = n.fee_micros,
      cancel_requested = n.cancel_requested, cancel_reason = n.cancel_reason, refusal_reason = n.refusal_reason, refusal_metadata = n.refusal_metadata,
      compensated = n.compensated, accepted_position = n.accepted_position, final_position = n.final_position,
      update_time = to_timestamp(n.update_ms / 1000.0), trigger_time = to_timestamp(n.trigger_ms / 1000.0)
    FROM unnest($7::uuid[], $8::text[], $9::int[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[],
        $15::bigint[], $16::bigint[], $17::boolean[], $18::text[], $19::jsonb[], $20::boolean[], $21::bigint[], $22::bigint[], $23::bigint[], $24::text[], $25::bigint[])
      AS n (order_id, state, version, change_sequence, quantity_lots, price_ticks, filled_lots, maker_value_micros,
        taker_value_micros, fee_micros, cancel_requested, refusal_reason, refusal_metadata, compensated, accepted_position,
        final_position, update_ms, cancel_reason, trigger_ms)
    WHERE o.order_id = n.order_id
  ), filled AS (
    INSERT INTO fills (trade_id, order_id, account_id, change_sequence, symbol, side, lots, price_ticks, tick_micros, lot_micros,
      value_micros, fee_micros, maker, feed_sequence, trade_time)
    SELECT trade_id, order_id, account_id, change_sequence, symbol, side, lots, price_ticks, tick_micros, lot_micros,
      value_micros, fee_micros, maker, feed_sequence, to_timestamp(trade_ms / 1000.0)
    FROM unnest($26::text[], $27::uuid[], $28::uuid[], $29::bigint[], $30::text[], $31::text[], $32::bigint[], $33::bigint[],
        $34::bigint[], $35::bigint[], $36::bigint[], $37::bigint[], $38::boolean[], $39::bigint[], $40::bigint[])
      AS n (trade_id, order_id, account_id, change_sequence, symbol, side, lots, price_ticks, tick_micros, lot_micros,
        value_micros, fee_micros, maker, feed_sequence, trade_ms)
  )
  , published AS (${enqueueSql(44)})
  SELECT CASE WHEN $43::boolean THEN set_config('synchronous_commit', 'off', true) END,
    (SELECT count(pg_notify(channel, payload)) FROM unnest($41::text[], $42::text[]) AS notice (channel, payload))`;

/** Writes orders, fills, counters and events in one statement, and notifies every replica at the commit. */
export async function saveChanges(tx: Sql, changes: Changes): Promise<void> {
  const { changed = [], fills = [], notices, events = [], fromFeed = false } = changes;
  await tx.query(saveSql, [
    ...accountColumns([...changes.accounts]),
    ...orderColumns(changed),
    ...fillColumns(fills),
    textArray(notices.map(({ channel }) => channel)),
    textArray(notices.map(({ payload }) => payload)),
    fromFeed,
    ...enqueueValues(events),
  ]);
  if (events.length > 0) wakeOutbox(tx);
}

function accountColumns(accounts: [string, AccountCounters][]): string[] {
  const of = (read: (counters: AccountCounters) => bigint | number) =>
    plainArray(accounts.map(([, counters]) => read(counters)));
  return [
    plainArray(accounts.map(([accountId]) => accountId)),
    of(({ changeSequence }) => changeSequence),
    of(({ openCount }) => openCount),
    of(({ openNotionalMicros }) => openNotionalMicros),
    of(({ rateSecond }) => rateSecond),
    of(({ rateCount }) => rateCount),
  ];
}

function orderColumns(orders: readonly Order[]): string[] {
  const of = (read: (order: Order) => bigint | number | boolean | string | undefined) =>
    plainArray(orders.map((order) => read(order) ?? null));
  return [
    of(({ orderId }) => orderId),
    of(({ state }) => state),
    of(({ version }) => version),
    of(({ changeSequence }) => changeSequence),
    of(({ quantityLots }) => quantityLots),
    of(({ priceTicks }) => priceTicks),
    of(({ filledLots }) => filledLots),
    of(({ makerValueMicros }) => makerValueMicros),
    of(({ takerValueMicros }) => takerValueMicros),
    of(({ feeMicros }) => feeMicros),
    of(({ cancelRequested }) => cancelRequested),
    of(({ refusal }) => refusal?.reason),
    textArray(orders.map(({ refusal }) => (refusal ? JSON.stringify(refusal.metadata) : null))),
    of(({ compensated }) => compensated),
    of(({ acceptedPosition }) => acceptedPosition),
    of(({ finalPosition }) => finalPosition),
    of(({ updateTimeMs }) => updateTimeMs),
    of(({ cancelReason }) => cancelReason),
    of(({ triggerTimeMs }) => triggerTimeMs),
  ];
}

function fillColumns(fills: readonly StoredFill[]): string[] {
  const of = (read: (fill: StoredFill) => bigint | number | boolean | string) => plainArray(fills.map(read));
  return [
    of(({ tradeId }) => tradeId),
    of(({ orderId }) => orderId),
    of(({ accountId }) => accountId),
    of(({ changeSequence }) => changeSequence),
    of(({ symbol }) => symbol),
    of(({ side }) => side),
    of(({ lots }) => lots),
    of(({ priceTicks }) => priceTicks),
    of(({ tickMicros }) => tickMicros),
    of(({ lotMicros }) => lotMicros),
    of(({ valueMicros }) => valueMicros),
    of(({ feeMicros }) => feeMicros),
    of(({ maker }) => maker),
    of(({ feedSequence }) => feedSequence),
    of(({ tradeTimeMs }) => tradeTimeMs),
  ];
}
