import type { AuditedTables } from '#platform/audit/audited-table.ts';
import { platformTables } from '#platform/audit/platform-tables.ts';

/** What the audit reads of the user service: what others have copies of. */
export const auditedTables = {
  idempotency_key: platformTables.idempotency_key,
  outbox: platformTables.outbox,
  account: {
    from: 'account',
    key: 'account_id',
    keyColumns: ['account_id'],
    columns: [
      ...['version', 'state', `house_name IS NOT NULL AS house`, 'maker_bps', 'taker_bps', 'order_notional_max_micros'],
      ...['open_notional_max_micros', 'open_orders_max', 'orders_per_second_max', 'position_quantity_max_micros'],
      ...['market_orders_permitted', 'transfer_amount_max_micros'],
    ],
  },
} satisfies AuditedTables;
