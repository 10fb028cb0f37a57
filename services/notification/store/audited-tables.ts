import { type AuditedTables, blocksOfUuid, uuidBlockBefore } from '#platform/audit/audited-table.ts';
import { platformTables, receivedBy } from '#platform/audit/platform-tables.ts';
import { factQueueName } from '../domain/fact.ts';

/** What the audit reads of the notification service. */
export const auditedTables = {
  inbox: platformTables.inbox,
  /** The events that people are notified of, by their ids. */
  received: receivedBy(factQueueName),
  message: {
    from: 'message',
    key: 'message_id',
    keyColumns: ['message_id'],
    columns: [
      'fact_id',
      'account_id',
      'kind',
      'subject',
      '(extract(epoch FROM create_time) * 1000)::bigint AS create_time_ms',
    ],
    hashed: ['text', 'create_time'],
    ...blocksOfUuid('message_id'),
    ids: 'message_id = ANY($1::text[]::uuid[])',
    oldestBlock: uuidBlockBefore('90 days'),
  },
  /** Messages by the events that they are of. */
  message_of_fact: {
    from: 'message',
    key: 'message_id',
    keyColumns: [],
    columns: ['fact_id'],
    ids: 'fact_id = ANY($1::text[]::uuid[])',
  },
} satisfies AuditedTables;
