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
  lot_total: {
    from: 'lot_total',
    key: `account_id || '/' || symbol`,
    keyColumns: ['account_id', 'symbol'],
    columns: ['quantity_micros', 'cost_micros', 'realized_micros', 'taken_micros'],
    ids: 'account_id = ANY($1::text[])',
  },
  /** The open lots of an account in a symbol, in one row. */
  lot_sum: {
    from: `(SELECT account_id, symbol, sum(left_quantity_micros) AS quantity_micros, sum(left_cost_micros) AS cost_micros
      FROM lot GROUP BY account_id, symbol) AS lot_sum`,
    key: `account_id || '/' || symbol`,
    keyColumns: ['account_id', 'symbol'],
    columns: ['quantity_micros', 'cost_micros'],
    ids: 'account_id = ANY($1::text[])',
  },
  /** All its sales by lots: every row of them is read. */
  lot_gain: {
    from: `(SELECT account_id, symbol, sum(gain_micros) AS realized_micros FROM lot_sale GROUP BY account_id, symbol) AS lot_gain`,
    key: `account_id || '/' || symbol`,
    keyColumns: ['account_id', 'symbol'],
    columns: ['realized_micros'],
  },
} satisfies AuditedTables;
