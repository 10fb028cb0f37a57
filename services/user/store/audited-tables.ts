import { type AuditedTables, blocksOfUuid, timesBetween, uuidsBetween } from '#platform/audit/audited-table.ts';
import { platformTables } from '#platform/audit/platform-tables.ts';

/** What the audit reads of the user service: what others have copies of. */
export const auditedTables = {
  idempotency_key: platformTables.idempotency_key,
  outbox: platformTables.outbox,
  outbox_event: platformTables.outbox_event,
  account: {
    from: 'account',
    key: 'account_id',
    keyColumns: ['account_id'],
    columns: [
      ...['version', 'state', `house_name IS NOT NULL AS house`, 'maker_bps', 'taker_bps', 'order_notional_max_micros'],
      ...['open_notional_max_micros', 'open_orders_max', 'orders_per_second_max', 'position_quantity_max_micros'],
      ...['market_orders_permitted', 'transfer_amount_max_micros'],
      // Each of them has raised the version.
      `(SELECT count(*) FROM account_change WHERE account_change.account_id = account.account_id
        AND (change LIKE 'conditions,%' OR change LIKE 'state %')) AS changes`,
    ],
    ids: 'account_id = ANY($1::text[]::uuid[])',
    ...uuidsBetween('account_id'),
  },
  /** What staff did to accounts. */
  account_change: {
    from: 'account_change',
    key: 'change_id',
    keyColumns: ['change_id'],
    columns: [
      ...['account_id', 'actor_id', 'change', 'note'],
      '(SELECT version FROM account WHERE account.account_id = account_change.account_id) AS version',
    ],
    hashed: ['change_time'],
    ...blocksOfUuid('change_id'),
    ...uuidsBetween('change_id'),
  },
  /** Accounts that are administrators, or were. */
  administrator: {
    from: `(SELECT account_id FROM account WHERE 'admin' = ANY (roles)
      UNION SELECT account_id FROM account_change WHERE change LIKE 'roles %admin%') AS administrator`,
    key: 'account_id',
    keyColumns: [],
    columns: ['account_id'],
    ids: 'account_id = ANY($1::text[]::uuid[])',
  },
  api_key: {
    from: 'api_key',
    key: 'key_id',
    keyColumns: [],
    columns: ['account_id'],
    ...uuidsBetween('key_id'),
  },
  /** Accounts whose owners were last notified of wrong passwords in a range of times. */
  log_ins_report: {
    from: '(SELECT * FROM wrong_password WHERE account_id IS NOT NULL) AS wrong_password',
    key: 'account_id',
    keyColumns: [],
    columns: ['(extract(epoch FROM report_time) * 1000)::bigint AS time_ms'],
    ...timesBetween('report_time'),
  },
} satisfies AuditedTables;
