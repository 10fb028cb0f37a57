import { type AuditedTables, blocksOfSequence, hashedInCents } from '#platform/audit/audited-table.ts';

/** What the audit reads of the portfolio service. */
export const auditedTables = {
  cash: {
    from: 'cash',
    key: 'account_id',
    keyColumns: ['account_id'],
    columns: ['amount_micros'],
    ids: 'account_id = ANY($1::text[])',
  },
  position: {
    from: 'position',
    key: `account_id || '/' || symbol`,
    keyColumns: ['account_id', 'symbol'],
    columns: ['quantity_micros', 'cost_micros', 'realized_micros'],
    ids: 'account_id = ANY($1::text[])',
  },
  realized_gain: {
    from: 'realized_gain',
    key: `account_id || '/' || sequence`,
    keyColumns: ['account_id', 'sequence'],
    columns: ['trade_id', 'symbol', 'quantity_micros', 'proceeds_micros', 'cost_micros', 'gain_micros'],
    hashed: ['gain_time'],
    hashedAs: hashedInCents(['proceeds_micros', 'cost_micros', 'gain_micros']),
    ...blocksOfSequence('sequence'),
  },
} satisfies AuditedTables;
