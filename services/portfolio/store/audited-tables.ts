import { type AuditedTables, blocksOfSequence } from '#platform/audit/audited-table.ts';

/** What the audit reads of the portfolio service. */
export const auditedTables = {
  cash: {
    from: 'cash',
    key: 'account_id',
    keyColumns: ['account_id'],
    columns: ['amount_cents'],
    ids: 'account_id = ANY($1::text[])',
  },
  position: {
    from: 'position',
    key: `account_id || '/' || symbol`,
    keyColumns: ['account_id', 'symbol'],
    columns: ['quantity_micros', 'cost_cents', 'realized_cents'],
    ids: 'account_id = ANY($1::text[])',
  },
  realized_gain: {
    from: 'realized_gain',
    key: `account_id || '/' || sequence`,
    keyColumns: ['account_id', 'sequence'],
    columns: ['trade_id', 'symbol', 'quantity_micros', 'proceeds_cents', 'cost_cents', 'gain_cents'],
    hashed: ['gain_time'],
    ...blocksOfSequence('sequence'),
  },
} satisfies AuditedTables;
