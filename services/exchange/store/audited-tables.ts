import type { AuditedTables } from '#platform/audit/audited-table.ts';

/** What the audit reads of the exchange's database. */
export const auditedTables = {
  journal: {
    from: 'journal',
    key: `shard || '/' || group_number`,
    keyColumns: ['shard', 'group_number'],
    columns: ['first_sequence', 'last_sequence', 'time_ms', 'token', 'state_hash', 'checksum'],
    hashed: ['commands', 'events'],
    block: `shard || '.' || group_number / 1000`,
    inBlock: `shard = split_part($1::text, '.', 1)::int
      AND group_number >= split_part($1::text, '.', 2)::bigint * 1000
      AND group_number < split_part($1::text, '.', 2)::bigint * 1000 + 1000`,
    range: 'group_number > $1::bigint AND group_number <= $2::bigint',
    order: 'shard, group_number',
  },
} satisfies AuditedTables;
