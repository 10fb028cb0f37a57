import { type AuditedTables, timesBetween } from '#platform/audit/audited-table.ts';
import { platformTables } from '#platform/audit/platform-tables.ts';

/** What the audit reads of the auto service. */
export const auditedTables = {
  idempotency_key: platformTables.idempotency_key,
  outbox: platformTables.outbox,
  outbox_event: platformTables.outbox_event,
  /** Runs, with their rules; those of a range have ended in it. */
  run: {
    from: 'run JOIN rule USING (rule_id)',
    key: 'run_id',
    keyColumns: [],
    columns: [
      ...['rule_id', 'account_id', 'name', 'outcome', 'order_id'],
      'alert_note IS NOT NULL AS is_alert',
      '(extract(epoch FROM finish_time) * 1000)::bigint AS time_ms',
    ],
    ids: 'run_id = ANY($1::text[]::uuid[])',
    ...timesBetween('finish_time'),
  },
  rule: {
    from: 'rule',
    key: 'rule_id',
    keyColumns: [],
    columns: ['account_id', 'name', 'symbol', 'alert_note', 'reach_price_micros'],
    ids: 'rule_id = ANY($1::text[]::uuid[])',
  },
} satisfies AuditedTables;
