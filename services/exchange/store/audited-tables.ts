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
  /** Where the journal begins: what lay before was deleted by rule. */
  journal_start: { from: 'journal_start', key: 'shard', keyColumns: ['shard'], columns: ['group_number', 'sequence'] },
  /** Complete snapshots of the books and of what is remembered. A recovery trusts their bytes. */
  snapshot: {
    from: 'snapshot',
    key: `shard || '/' || group_number || '/' || token`,
    keyColumns: ['shard', 'group_number', 'token'],
    columns: ['format', 'rule_version', 'sequence', 'time_ms', 'state_hash', 'part_count', 'checksum'],
    hashed: ['group_checksum', 'content_checksum'],
    block: 'shard',
    inBlock: 'shard = $1::text::int',
  },
  snapshot_part: {
    from: 'snapshot_part JOIN snapshot USING (shard, group_number, token)',
    key: `shard || '/' || group_number || '/' || token || '/' || part`,
    keyColumns: ['shard', 'group_number', 'token', 'part'],
    columns: ['length(bytes) AS bytes_length'],
    hashed: ['bytes'],
    block: 'shard',
    inBlock: 'shard = $1::text::int',
  },
} satisfies AuditedTables;
