import { type AuditedTables, blocksOfSequence, blocksOfUuid, hashedInCents } from '#platform/audit/audited-table.ts';
import { platformTables, receivedBy } from '#platform/audit/platform-tables.ts';
import { firstColumns } from './hold-row.ts';

const entryColumns = {
  from: 'entry',
  key: 'sequence',
  keyColumns: ['sequence'],
  hashed: ['book_time', 'fact'],
  columns: [
    'kind',
    'reference',
    '(extract(epoch FROM book_time) * 1000)::bigint AS book_time_ms',
    `encode(fact, 'hex') AS fact`,
  ],
};

/** What the audit reads of the ledger. */
export const auditedTables = {
  ...platformTables,
  received: receivedBy('ledger.accounts'),
  entry: { ...entryColumns, ...blocksOfSequence('sequence'), ids: `kind = 'trade' AND reference = ANY($1::text[])` },
  /** The entries of transfers, by the transfers. */
  cash_entry: { ...entryColumns, ids: `kind = 'cash' AND reference = ANY($1::text[])` },
  /** The entries of adjustments, by the adjustments. */
  adjustment_entry: { ...entryColumns, ids: `kind = 'adjustment' AND reference = ANY($1::text[])` },
  posting: {
    from: 'posting',
    key: `sequence || '/' || line`,
    keyColumns: [],
    columns: ['sequence', 'line', 'account_id', 'asset', 'amount', 'kind', 'order_id'],
    hashedAs: hashedInCents(['amount'], `(asset = 'USD')`),
    ...blocksOfSequence('sequence'),
    order: 'sequence, line',
  },
  hold: {
    from: 'hold',
    key: 'order_id',
    keyColumns: [],
    columns: [
      ...firstColumns.split(',').map((column) => column.trim()),
      // Not hashed by themselves: rows were sealed before there was any.
      '(amount_max_micros) AS amount_max_micros',
      ...['number', 'state', 'command', 'lots', 'price_ticks'].map((name) => `(amend_${name}) AS amend_${name}`),
      // Hashed with the amount, where there is a list.
      '(list_id) AS list_id',
      '(list_role) AS list_role',
      'coalesce(coming_lots, 0) AS coming_lots',
    ],
    hashed: ['create_time'],
    // The amount of a final one is 0. Holds without an amount of their own have the hashes that they were sealed with before there were others.
    hashedAs: {
      ...hashedInCents(['tick_lot_micros', 'maker_value_micros', 'taker_value_micros']),
      side: `side || coalesce(' ' || amount_max_micros::text, '')`,
      amount: `CASE WHEN list_id IS NULL THEN amount
        ELSE hash_record_extended(ROW(amount, list_id, list_role, coming_lots), 0) END`,
    },
    final: `state <> 'open'`,
    ...blocksOfUuid('order_id'),
    live: `state = 'open'`,
    ids: 'order_id = ANY($1::text[]::uuid[])',
  },
  balance: {
    from: 'balance',
    key: `account_id || '/' || asset`,
    keyColumns: [],
    columns: ['account_id', 'asset', 'available', 'held'],
    ids: 'account_id = ANY($1::text[]::uuid[])',
  },
  transfer: {
    from: 'transfer',
    key: 'transfer_id',
    keyColumns: ['transfer_id'],
    columns: ['account_id', 'kind', 'amount_micros', 'status'],
    hashed: ['idempotency_key', 'create_time'],
    hashedAs: hashedInCents(['amount_micros']),
    final: `status IN ('completed', 'failed')`,
    ...blocksOfUuid('transfer_id'),
    live: `status = 'pending'`,
    ids: 'transfer_id = ANY($1::text[]::uuid[])',
  },
  adjustment: {
    from: 'adjustment',
    key: 'adjustment_id',
    keyColumns: ['adjustment_id'],
    columns: ['account_id', 'asset', 'amount', 'cost_micros', 'reason', 'reference', 'adjusted_by'],
    hashed: ['book_time'],
    ...blocksOfUuid('adjustment_id'),
    ids: 'adjustment_id = ANY($1::text[]::uuid[])',
  },
  /** Where payment providers and the ledger differ: the newest that are not settled. */
  payment_finding: {
    from: '(SELECT * FROM payment_finding WHERE settle_time IS NULL ORDER BY finding_id DESC LIMIT 1000) AS payment_finding',
    key: 'finding_id',
    keyColumns: ['finding_id'],
    columns: ['provider', 'rule', 'payment_key', 'expected', 'found'],
  },
  account: {
    from: 'account',
    key: 'account_id',
    keyColumns: ['account_id'],
    columns: ['version', 'state', 'house', 'transfer_max_micros'],
  },
} satisfies AuditedTables;
