import { type AuditedTables, blocksOfUuid, hashedInCents } from '#platform/audit/audited-table.ts';
import { platformTables, receivedBy } from '#platform/audit/platform-tables.ts';

const ended = `state IN ('filled', 'cancelled', 'rejected')`;
const fillKeys = ['order_id', 'trade_id'];
const fillColumns = ['trade_id', 'order_id', 'account_id', 'symbol', 'side', 'lots', 'price_ticks', 'tick_micros'];
const fillNumbers = ['lot_micros', 'value_micros', 'fee_micros', 'maker', 'feed_sequence'];

/** What the audit reads of the order service. Orders of the house are deleted soon, so that they count as final for nothing. */
export const auditedTables = {
  ...platformTables,
  received: receivedBy('order.conditions'),
  orders: {
    from: 'orders',
    key: 'order_id',
    keyColumns: ['order_id'],
    columns: [
      ...['account_id', 'state', 'symbol', 'shard', 'side', 'house', 'quantity_lots', 'price_ticks'],
      ...['lot_micros', 'tick_lot_micros', 'maker_bps', 'taker_bps', 'filled_lots', 'maker_value_micros'],
      ...['taker_value_micros', 'fee_micros', 'compensated', 'accepted_position', 'final_position'],
      '(extract(epoch FROM create_time) * 1000)::bigint AS create_time_ms',
      // Not hashed: rows were sealed before there was any.
      '(replace_lots) AS replace_lots',
      '(replace_price_ticks) AS replace_price_ticks',
      `(special_terms->>'amountMicros')::bigint AS amount_max_micros`,
      '(list_id) AS list_id',
      '(list_ticks) AS list_ticks',
      '(version) AS version',
      '(type) AS type',
      '(time_in_force) AS time_in_force',
      '(by_amount) AS by_amount',
      '(extract(epoch FROM update_time) * 1000)::bigint AS update_time_ms',
      '(extract(epoch FROM trigger_time) * 1000)::bigint AS trigger_time_ms',
    ],
    hashed: [
      ...['client_order_id', 'fingerprint', 'version', 'change_sequence', 'type', 'time_in_force', 'post_only'],
      ...['by_amount', 'tick_micros', 'position_max_micros', 'cancel_requested', 'refusal_reason', 'refusal_metadata'],
      ...['create_time', 'update_time'],
    ],
    hashedAs: {
      ...hashedInCents(['tick_lot_micros', 'maker_value_micros', 'taker_value_micros', 'fee_micros']),
      // Plain orders have the hashes that they were sealed with before there were other kinds, and lists.
      change_sequence: `CASE WHEN list_id IS NULL THEN change_sequence
        ELSE hash_record_extended(ROW(change_sequence, list_id, list_type, list_index, list_ticks), 0) END`,
      type: `type || coalesce(' ' || special_terms::text, '') || coalesce(' ' || extract(epoch FROM trigger_time)::text, '')`,
    },
    final: `${ended} AND NOT house`,
    ...blocksOfUuid('order_id'),
    live: `state NOT IN ('filled', 'cancelled', 'rejected')`,
    ids: 'order_id = ANY($1::text[]::uuid[])',
  },
  /** Changes that were begun, by order. */
  replaces: {
    from: 'replaces',
    key: `order_id || '/' || number`,
    keyColumns: [],
    columns: ['account_id', 'state', 'quantity_lots', 'price_ticks', 'final_position'],
    ids: 'order_id = ANY($1::text[]::uuid[]) AND number IS NOT NULL',
  },
  fills: {
    from: 'fills JOIN orders AS o USING (order_id)',
    key: `order_id || '/' || trade_id`,
    keyColumns: [],
    columns: [
      ...[...fillColumns, ...fillNumbers].map((name) => (fillKeys.includes(name) ? name : `fills.${name} AS ${name}`)),
      'o.shard AS shard',
    ],
    hashed: [
      ...[...fillColumns, ...fillNumbers].filter((name) => !fillKeys.includes(name)).map((name) => `fills.${name}`),
      'fills.change_sequence',
      'trade_time',
    ],
    hashedAs: hashedInCents(['fills.value_micros', 'fills.fee_micros']),
    final: 'NOT o.house',
    ...blocksOfUuid('order_id'),
    ids: 'order_id = ANY($1::text[]::uuid[])',
  },
  accounts: {
    from: 'accounts',
    key: 'account_id',
    keyColumns: ['account_id'],
    columns: ['change_sequence', 'open_count', 'open_notional_micros'],
  },
  conditions: {
    from: 'conditions',
    key: 'account_id',
    keyColumns: ['account_id'],
    columns: [
      ...['version', 'state', 'house', 'maker_bps', 'taker_bps', 'order_notional_max_micros'],
      ...['open_notional_max_micros', 'open_orders_max', 'orders_per_second_max', 'position_max_micros'],
      'market_orders_permitted',
    ],
  },
} satisfies AuditedTables;
